package io.lockstep.gateway.events;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.sql.OwnProcedures;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events in the node's own database. Times stand there in UTC, intervals as numbers (MariaDB:
 * mysql.event).
 */
public final class DatabaseEventRows implements EventRows {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseEventRows.class);

  private static final String SWITCH =
      "SELECT COUNT(*) FROM lockstep.global_value WHERE name='event_scheduler' AND value='ON'";

  private static final String ENABLED =
      "SELECT db, name, definer, TIMESTAMPDIFF(SECOND,'1970-01-01',execute_at), interval_value,"
          + " CONCAT(interval_field,''), TIMESTAMPDIFF(SECOND,'1970-01-01',starts),"
          + " TIMESTAMPDIFF(SECOND,'1970-01-01',ends), CAST(UNIX_TIMESTAMP(modified) AS SIGNED),"
          + " on_completion='PRESERVE', CONCAT(time_zone,''), CONCAT(sql_mode,''),"
          + " CONCAT(character_set_client,''), CONCAT(collation_connection,''), HEX(body)"
          + " FROM mysql.event WHERE status='ENABLED' ORDER BY db, name LIMIT "
          + (EVENTS_MAX + 1);

  private static final String LEFTOVERS =
      "SELECT CONCAT('DROP PROCEDURE IF EXISTS `',REPLACE(db,'`','``'),'`.`',name,'`')"
          + " FROM mysql.proc WHERE "
          + OwnProcedures.isOne("name");

  private static final String LEFT_PRIVILEGES =
      "DELETE FROM mysql.procs_priv WHERE " + OwnProcedures.isOne("Routine_name");

  private final Pool pool;
  private final ZoneId system;

  /**
   * @param pool connections of Lockstep's own account to one node's database
   * @param system the time zone that the server calls {@code SYSTEM}
   */
  public DatabaseEventRows(Pool pool, ZoneId system) {
    this.pool = pool;
    this.system = system;
  }

  @Override
  public Future<Boolean> switchedOn() {
    return pool.query(SWITCH).execute().map(rows -> rows.iterator().next().getLong(0) > 0);
  }

  @Override
  public Future<Optional<List<EventDefinition>>> read() {
    return switchedOn()
        .compose(
            on ->
                on
                    ? pool.query(ENABLED).execute().map(rows -> Optional.of(events(rows)))
                    : Future.succeededFuture(Optional.empty()));
  }

  @Override
  public Future<Void> tidy() {
    return pool.query(LEFTOVERS)
        .execute()
        .compose(
            rows -> {
              Future<Void> done = Future.succeededFuture();
              for (Row row : rows) {
                done = done.compose(before -> pool.query(row.getString(0)).execute().mapEmpty());
              }
              return done;
            })
        .compose(dropped -> pool.query(LEFT_PRIVILEGES).execute().mapEmpty());
  }

  private List<EventDefinition> events(Iterable<Row> rows) {
    List<EventDefinition> events = new ArrayList<>();
    for (Row row : rows) {
      if (events.size() == EVENTS_MAX) {
        LOG.warn("more than {} events are enabled; those behind them are not run", EVENTS_MAX);
        break;
      }
      EventName name = new EventName(row.getString(0), row.getString(1));
      try {
        events.add(event(name, row));
      } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
        LOG.warn("event {} cannot be run: {}", name, e.getMessage());
      }
    }
    return events;
  }

  private EventDefinition event(EventName name, Row row) {
    String definer = row.getString(2);
    int at = definer.lastIndexOf('@');
    String zone = row.getString(10);
    return new EventDefinition(
        name,
        new Account(definer.substring(0, Math.max(0, at)), definer.substring(at + 1)),
        instant(row, 3).<Schedule>map(Schedule.Once::new).orElseGet(() -> every(row, zone)),
        instant(row, 8).orElse(Instant.EPOCH),
        row.getLong(9) == 1,
        new EventDefinition.Context(zone, row.getString(11), row.getString(12), row.getString(13)),
        Bytes.owning(HexFormat.of().parseHex(row.getString(14))));
  }

  private Schedule every(Row row, String zone) {
    return new Schedule.Every(
        instant(row, 6).orElse(Instant.EPOCH),
        instant(row, 7),
        Pace.of(row.getLong(4), row.getString(5)),
        zone.equals("SYSTEM") ? system : ZoneId.of(zone));
  }

  private static Optional<Instant> instant(Row row, int column) {
    return Optional.ofNullable(row.getLong(column)).map(Instant::ofEpochSecond);
  }
}
