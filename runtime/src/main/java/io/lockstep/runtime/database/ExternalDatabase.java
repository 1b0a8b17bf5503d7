package io.lockstep.runtime.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A database that somebody else runs. It is checked at the start and otherwise left alone; its
 * going away and coming back is noticed by those who are connected to it.
 */
public final class ExternalDatabase implements NodeDatabase {
  private static final long CONNECT_WAIT_SECONDS = 10;

  private final Vertx vertx;
  private final Supplier<DatabaseAccess> access;

  /**
   * @param access asked at each use, so that a changed password file counts
   */
  public ExternalDatabase(Vertx vertx, Supplier<DatabaseAccess> access) {
    this.vertx = vertx;
    this.access = access;
  }

  @Override
  public Future<DatabaseAccess> start(Listener listener) {
    var checked = access();
    return connect(checked)
        .compose(
            connection ->
                findings(connection)
                    .eventually(connection::close)
                    .map(
                        findings -> {
                          if (!findings.isEmpty()) {
                            throw refusal(checked, findings);
                          }
                          return checked;
                        }));
  }

  private Future<MySQLConnection> connect(DatabaseAccess checked) {
    var options = new MySQLConnectOptions();
    options.setHost(checked.host()).setPort(checked.port()).setUser(checked.user());
    options.setPassword(checked.password());
    return MySQLConnection.connect(vertx, options)
        .timeout(CONNECT_WAIT_SECONDS, TimeUnit.SECONDS)
        .recover(
            cause ->
                Future.failedFuture(
                    new DatabaseStartException(
                        "Cannot sign in to the database " + checked + ": " + cause.getMessage(),
                        cause)));
  }

  private static Future<List<String>> findings(MySQLConnection connection) {
    return connection
        .query(ServerRequirements.QUESTION)
        .execute()
        .map(rows -> ServerRequirements.unmet(column -> value(rows.iterator().next(), column)))
        .compose(
            unmet ->
                connection
                    .query("SHOW GRANTS")
                    .execute()
                    .map(
                        rows -> {
                          var grants = new ArrayList<String>();
                          rows.forEach(row -> grants.add(String.valueOf(row.getValue(0))));
                          var all = new ArrayList<>(unmet);
                          ServerRequirements.unmetGrants(grants).ifPresent(all::add);
                          return List.copyOf(all);
                        }));
  }

  private static String value(Row row, String column) {
    return String.valueOf(row.getValue(column));
  }

  private static DatabaseStartException refusal(DatabaseAccess checked, List<String> findings) {
    return new DatabaseStartException(
        "The database %s is not set up as Lockstep requires:%n- %s"
            .formatted(checked, String.join("\n- ", findings)));
  }

  @Override
  public DatabaseAccess access() {
    return access.get();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
