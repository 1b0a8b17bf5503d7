package io.lockstep.applier.mariadb;

import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;

/**
 * The tables of named time zones. They take part in the order, so they have to be InnoDB, which the
 * server reads as well as the Aria of a new installation (mariadb-tzinfo-to-sql makes them InnoDB
 * while it loads them into a Galera cluster).
 */
final class TimeZones {
  /** What tells their rows in {@code information_schema.TABLES}. */
  static final String ARE =
      "(TABLE_SCHEMA = 'mysql' AND TABLE_NAME IN " + Sql.list(SystemSchemas.TIME_ZONES) + ")";

  private TimeZones() {}

  /** Gives those that cannot the engine that can. */
  static Future<Void> takePart(Link link) {
    return link.rows(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE ENGINE <> 'InnoDB' AND " + ARE)
        .compose(
            rows -> {
              Future<Void> made = Future.succeededFuture();
              for (Link.Row row : rows) {
                String name = Sql.name(row.text(0));
                made =
                    made.compose(
                        before ->
                            link.run("ALTER TABLE mysql." + name + " ENGINE=InnoDB").mapEmpty());
              }
              return made;
            });
  }
}
