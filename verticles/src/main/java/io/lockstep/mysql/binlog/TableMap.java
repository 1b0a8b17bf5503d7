package io.lockstep.mysql.binlog;

import io.lockstep.model.TableName;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which table a number stands for in the row events that follow, and how its columns are written
 * there (MariaDB: TABLE_MAP_EVENT).
 *
 * @param id the number, good for one group
 */
public record TableMap(long id, TableName table, List<ColumnForm> columns) {
  private static final int COLUMNS_MAX = 4_096;

  public TableMap {
    columns = List.copyOf(columns);
  }

  public static TableMap of(Event event) {
    PayloadReader in = event.content();
    long id = RowsEvent.tableId(in);
    in.skip(2);
    TableName table = new TableName(name(in), name(in));
    long count = in.lenenc();
    if (count <= 0 || count > COLUMNS_MAX) {
      throw ProtocolException.malformed("a table of " + count + " columns");
    }
    byte[] types = in.bytes((int) count).view();
    PayloadReader meta = in.lenencPart();
    List<ColumnForm> columns = new ArrayList<>(types.length);
    for (byte type : types) {
      columns.add(ColumnForm.of(type & 0xff, meta));
    }
    return new TableMap(id, table, columns);
  }

  private static String name(PayloadReader in) {
    String name = in.bytes(in.u8()).utf8();
    in.skip(1);
    return name;
  }
}
