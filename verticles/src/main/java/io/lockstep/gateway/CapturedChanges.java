package io.lockstep.gateway;

import io.lockstep.model.Capture;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.sql.Catalogue;
import io.lockstep.sql.SystemSchemas;
import io.lockstep.sql.TableDefinition;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Judges what a branch has changed before it is ordered as rows: whether every node will find the
 * rows that were there before, and soon enough. Lives on its session's context.
 */
final class CapturedChanges {
  /**
   * Rows that the server may look at to find those that one write changes in a table without any
   * index, each by a search from the table's first row (MariaDB: Rows_log_event::find_row); nodes
   * apply nothing else meanwhile. About four seconds with 10.11, three nodes on two cores.
   */
  static final long VISITS_MAX = 10_000_000;

  /** What a stored program did to the tables that Lockstep and the server keep for themselves. */
  private static final MySqlError SYSTEM =
      MySqlError.notSupported("writes to the system's tables in a stored program");

  private static final String UNNAMED =
      "changes that are ordered as rows to a table without primary key, but with a unique key that"
          + " can be NULL and another index; give it a primary key: ";

  private final Session session;
  private final Catalogue catalogue;

  CapturedChanges(Session session) {
    this.session = session;
    this.catalogue = session.parts().catalogue();
  }

  /** Fails with 1235 if they cannot be ordered. */
  Future<Capture.Rows> judged(Capture.Rows rows) {
    ChangedTables tables = ChangedTables.of(rows);
    if (tables.named().stream().anyMatch(SystemSchemas::holds)) {
      return Future.failedFuture(new ClientErrorException(SYSTEM));
    }
    return Future.all(tables.changed().stream().map(table -> judged(table, rows)).toList())
        .map(rows);
  }

  private Future<Void> judged(TableName table, Capture.Rows rows) {
    return named(table)
        .compose(
            found ->
                found.filter(TableDefinition::rowsHaveKeys).isPresent()
                    ? Future.succeededFuture()
                    : soonFound(table, ChangedTables.rowsOf(table, rows)));
  }

  private Future<Void> soonFound(TableName table, long changes) {
    return catalogue
        .rowsWithoutIndex(table)
        .map(rows -> rows.map(all -> Math.max(all, changes)))
        .compose(
            rows ->
                rows.filter(all -> changes * all > VISITS_MAX)
                    .map(all -> CapturedChanges.<Void>refused(tooSlow(table, changes, all)))
                    .orElseGet(Future::succeededFuture));
  }

  /** How many are too many depends on the table, so what helps is said with it. */
  private static String tooSlow(TableName table, long changes, long all) {
    return "changes that are ordered as rows to "
        + changes
        + " rows among about "
        + all
        + " of a table without an index that finds each, which every node would search row by row;"
        + " give it a primary key, or change fewer at a time: "
        + table;
  }

  /** Refused only after another look, since the table may have been given a key elsewhere. */
  private Future<Optional<TableDefinition>> named(TableName table) {
    return definition(table)
        .compose(
            found ->
                canBeNamed(found)
                    ? Future.succeededFuture(found)
                    : session.parts().upToDate().compose(now -> definition(table)))
        .compose(
            found -> canBeNamed(found) ? Future.succeededFuture(found) : refused(UNNAMED + table));
  }

  private Future<Optional<TableDefinition>> definition(TableName table) {
    return session
        .parts()
        .planner()
        .position(session)
        .compose(now -> catalogue.table(table, now.definitionsSeq()));
  }

  private static boolean canBeNamed(Optional<TableDefinition> found) {
    return found.filter(definition -> !definition.rowsCanBeNamed()).isEmpty();
  }

  private static <T> Future<T> refused(String reason) {
    return Future.failedFuture(new ClientErrorException(MySqlError.notSupported(reason)));
  }
}
