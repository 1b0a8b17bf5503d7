package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.TableName;
import io.lockstep.mysql.binlog.Event;
import io.lockstep.mysql.binlog.EventType;
import io.lockstep.mysql.binlog.RowsEvent;
import io.lockstep.mysql.binlog.TableMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of captured rows.
 *
 * @param named all of them
 * @param changed those of which rows that were there before are changed or deleted
 */
record ChangedTables(Set<TableName> named, Set<TableName> changed) {
  ChangedTables {
    named = Set.copyOf(named);
    changed = Set.copyOf(changed);
  }

  static ChangedTables of(Capture.Rows rows) {
    Map<Long, TableName> maps = new HashMap<>();
    Set<TableName> named = new HashSet<>();
    Set<TableName> changed = new HashSet<>();
    rows.parts().stream()
        .flatMap(part -> part.events().stream())
        .map(Event::new)
        .forEach(
            event -> {
              if (event.type() == EventType.TABLE_MAP) {
                TableMap map = TableMap.of(event);
                maps.put(map.id(), map.table());
                named.add(map.table());
              } else {
                RowsEvent changes = RowsEvent.of(event);
                if (!changes.inserts() && maps.containsKey(changes.tableId())) {
                  changed.add(maps.get(changes.tableId()));
                }
              }
            });
    return new ChangedTables(named, changed);
  }

  /** How many rows of a table that were there before are changed or deleted. */
  static long rowsOf(TableName table, Capture.Rows rows) {
    Map<Long, TableMap> maps = new HashMap<>();
    long count = 0;
    for (Capture.Part part : rows.parts()) {
      for (Bytes bytes : part.events()) {
        Event event = new Event(bytes);
        if (event.type() == EventType.TABLE_MAP) {
          TableMap map = TableMap.of(event);
          maps.put(map.id(), map);
        } else {
          RowsEvent changes = RowsEvent.of(event);
          Optional<TableMap> map =
              Optional.ofNullable(maps.get(changes.tableId()))
                  .filter(known -> !changes.inserts() && known.table().equals(table));
          count += map.map(known -> changes.changes(known).size()).orElse(0);
        }
      }
    }
    return count;
  }
}
