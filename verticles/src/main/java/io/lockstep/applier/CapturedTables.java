package io.lockstep.applier;

import io.lockstep.model.Bytes;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.mysql.binlog.Event;
import io.lockstep.mysql.binlog.EventType;
import io.lockstep.mysql.binlog.RowsEvent;
import io.lockstep.mysql.binlog.TableMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which tables captured rows belong to. */
final class CapturedTables {
  private CapturedTables() {}

  /** The tables in which rows come to exist or change. */
  static Set<TableName> written(Step.Rows rows) {
    Map<Long, TableName> names = new HashMap<>();
    Set<TableName> written = new LinkedHashSet<>();
    for (Bytes bytes : rows.events()) {
      Event event = new Event(bytes);
      if (event.type() == EventType.TABLE_MAP) {
        TableMap map = TableMap.of(event);
        names.put(map.id(), map.table());
      } else {
        RowsEvent row = RowsEvent.of(event);
        TableName table = names.get(row.tableId());
        if (row.writes() && table != null) {
          written.add(table);
        }
      }
    }
    return written;
  }
}
