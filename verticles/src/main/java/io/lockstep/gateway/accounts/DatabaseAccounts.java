package io.lockstep.gateway.accounts;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;

/** The accounts as the node's own database stores them. */
public final class DatabaseAccounts implements AccountSource {
  private static final String ALL = "SELECT User, Host, Priv FROM mysql.global_priv";

  private final Pool pool;

  /**
   * @param pool connections of an account that may read the schema {@code mysql}
   */
  public DatabaseAccounts(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<Row>> read() {
    return pool.query(ALL)
        .execute()
        .map(
            rows -> {
              List<Row> accounts = new ArrayList<>();
              rows.forEach(
                  row ->
                      accounts.add(new Row(row.getString(0), row.getString(1), row.getString(2))));
              return accounts;
            });
  }
}
