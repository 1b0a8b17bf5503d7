package io.lockstep.runtime.node;

import io.lockstep.load.DatabaseProbe;
import io.lockstep.runtime.database.DatabaseAccess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lockstep's own small questions to the node's database: accounts, definitions, how busy it is.
 * Over the Vert.x MySQL client, as Lockstep's own account. Safe on any thread.
 */
final class AdminPool implements DatabaseProbe {
  static final int CONNECTIONS_MAX = 4;
  static final int WAITING_MAX = 1_000;
  private static final int CONNECT_SECONDS_MAX = 5;
  private static final int RECONNECTS_MAX = 1;

  private static final Logger LOG = LoggerFactory.getLogger(AdminPool.class);

  private final Pool pool;

  AdminPool(Vertx vertx, DatabaseAccess access) {
    MySQLConnectOptions options =
        new MySQLConnectOptions()
            .setHost(access.host())
            .setPort(access.port())
            .setUser(access.user())
            .setPassword(access.password())
            .setReconnectAttempts(RECONNECTS_MAX);
    this.pool =
        MySQLBuilder.pool()
            .using(vertx)
            .connectingTo(options)
            .withConnectHandler(AdminPool::inOurMode)
            .with(
                new PoolOptions()
                    .setMaxSize(CONNECTIONS_MAX)
                    .setMaxWaitQueueSize(WAITING_MAX)
                    .setConnectionTimeout(CONNECT_SECONDS_MAX)
                    .setConnectionTimeoutUnit(TimeUnit.SECONDS))
            .build();
  }

  /** What a server shows of definitions depends on the mode, which its users may set for all. */
  private static void inOurMode(SqlConnection connection) {
    connection
        .query("SET SESSION sql_mode=''")
        .execute()
        .eventually(connection::close)
        .onFailure(failure -> LOG.warn("a connection keeps the server's sql_mode", failure));
  }

  Pool pool() {
    return pool;
  }

  @Override
  public Future<Integer> threadsRunning() {
    return pool.query("SHOW GLOBAL STATUS LIKE 'Threads_running'")
        .execute()
        .map(rows -> Integer.parseInt(rows.iterator().next().getString(1)));
  }

  /** One row of a query that has exactly one. */
  Future<Row> one(String sql) {
    return pool.query(sql).execute().map(rows -> rows.iterator().next());
  }

  Future<Void> close() {
    return pool.close();
  }
}
