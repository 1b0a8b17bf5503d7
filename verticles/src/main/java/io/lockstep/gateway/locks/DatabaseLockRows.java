package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The user locks in the node's own database. */
public final class DatabaseLockRows implements LockRows {
  private static final String ALL =
      "SELECT HEX(name), gateway, holder, stamp FROM lockstep.user_lock";

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
                              Bytes.owning(HexFormat.of().parseHex(row.getString(0))),
                              row.getString(1),
                              row.getLong(2),
                              row.getLong(3))));
              return locks;
            });
  }
}
