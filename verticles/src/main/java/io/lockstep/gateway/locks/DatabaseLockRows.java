package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The locks in the node's own database. */
public final class DatabaseLockRows implements LockRows {
  private static final String ALL =
      "SELECT HEX(name), gateway, holder, stamp FROM lockstep.user_lock";

  private static final String TABLES =
      "SELECT HEX(t.table_schema), HEX(t.table_name), t.writes, HEX(t.lease)"
          + " FROM lockstep.table_lock AS t JOIN lockstep.user_lock AS u ON u.name = t.lease";

  private final Pool pool;

  /**
   * @param pool connections of an account that may read the schema {@code lockstep}
   */
  public DatabaseLockRows(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<LockRow>> read() {
    return pool.query(ALL)
        .execute()
        .map(
            rows -> {
              List<LockRow> locks = new ArrayList<>();
              rows.forEach(
                  row ->
                      locks.add(
                          new LockRow(
                              bytes(row.getString(0)),
                              row.getString(1),
                              row.getLong(2),
                              row.getLong(3))));
              return locks;
            });
  }

  @Override
  public Future<List<TableLock>> tables() {
    return pool.query(TABLES)
        .execute()
        .map(
            rows -> {
              List<TableLock> locks = new ArrayList<>();
              rows.forEach(
                  row ->
                      locks.add(
                          new TableLock(
                              new TableName(
                                  bytes(row.getString(0)).utf8(), bytes(row.getString(1)).utf8()),
                              row.getInteger(2) == 1,
                              bytes(row.getString(3)))));
              return locks;
            });
  }

  private static Bytes bytes(String hex) {
    return Bytes.owning(HexFormat.of().parseHex(hex));
  }
}
