package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.binlog.Event;
import io.lockstep.mysql.binlog.EventType;
import io.lockstep.mysql.binlog.RowImage;
import io.lockstep.mysql.binlog.RowsEvent;
import io.lockstep.mysql.binlog.TableMap;
import io.lockstep.mysql.binlog.UnreadableRowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Row events that are executed at once: those of one statement of the client, or a part of many.
 *
 * @param events each run of events of one table behind its map, the last of a run marked as the end
 *     of a statement; so a piece needs nothing of another
 * @param before rows that must be there as they are before the piece, by table and by their bytes.
 *     What the piece itself has made of a row is not among them
 */
record RowsPiece(List<Bytes> events, Map<TableName, Map<Bytes, RowImage>> before) {
  /** Bytes of events after which a piece ends; its text has a third more. */
  private static final int BYTES_SOON_ENOUGH = 4 << 20;

  /** Cuts a branch's events into pieces. */
  static List<RowsPiece> cut(List<Bytes> events) {
    Cutter cutter = new Cutter();
    events.forEach(bytes -> cutter.take(new Event(bytes)));
    return cutter.finish();
  }

  private static final class Cutter {
    private final List<RowsPiece> pieces = new ArrayList<>();
    private final Map<Long, Event> maps = new HashMap<>();
    private List<Bytes> events = new ArrayList<>();
    private List<Event> run = new ArrayList<>();
    private Map<TableName, Map<Bytes, Integer>> made = new HashMap<>();
    private Map<TableName, Map<Bytes, RowImage>> before = new LinkedHashMap<>();
    private long runTable = -1;
    private long bytes;

    void take(Event event) {
      if (event.type() == EventType.TABLE_MAP) {
        maps.put(TableMap.of(event).id(), event);
        return;
      }
      RowsEvent rows = RowsEvent.of(event);
      if (rows.tableId() != runTable) {
        endRun();
        runTable = rows.tableId();
      }
      run.add(event);
      bytes += event.bytes().length();
      TableMap map = TableMap.of(map());
      changes(rows, map).forEach(change -> note(map.table(), change));
      if (rows.endsStatement() || bytes > BYTES_SOON_ENOUGH) {
        endPiece();
      }
    }

    /** What is inserted need not be understood. */
    private static List<RowsEvent.Change> changes(RowsEvent rows, TableMap map) {
      try {
        return rows.changes(map);
      } catch (UnreadableRowException unreadable) {
        if (rows.inserts()) {
          return List.of();
        }
        throw unreadable;
      }
    }

    /** A row that the piece itself has made need not be there before. */
    private void note(TableName table, RowsEvent.Change change) {
      Map<Bytes, Integer> own = made.computeIfAbsent(table, none -> new HashMap<>());
      change
          .before()
          .filter(row -> own.merge(row.bytes(), -1, Integer::sum) < 0)
          .ifPresent(
              row -> {
                own.remove(row.bytes());
                before.computeIfAbsent(table, none -> new LinkedHashMap<>()).put(row.bytes(), row);
              });
      change.after().ifPresent(row -> own.merge(row.bytes(), 1, Integer::sum));
    }

    private Event map() {
      Event map = maps.get(runTable);
      if (map == null) {
        throw new UnreadableRowException("a row of a table that is not named");
      }
      return map;
    }

    private void endRun() {
      if (run.isEmpty()) {
        return;
      }
      events.add(map().bytes());
      for (Event event : run.subList(0, run.size() - 1)) {
        events.add(event.bytes());
      }
      events.add(RowsEvent.asLast(run.get(run.size() - 1)));
      run = new ArrayList<>();
      runTable = -1;
    }

    private void endPiece() {
      endRun();
      if (!events.isEmpty()) {
        pieces.add(new RowsPiece(events, before));
      }
      events = new ArrayList<>();
      made = new HashMap<>();
      before = new LinkedHashMap<>();
      bytes = 0;
    }

    List<RowsPiece> finish() {
      endPiece();
      return pieces;
    }
  }
}
