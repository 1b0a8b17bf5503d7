package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.model.Seq;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What Lockstep does beside the ordered writes, on a connection of its own: making things durable,
 * answering late askers, removing clients' locks. Opened when needed and again after a loss.
 */
final class Side {
  /** The connection of a transaction that has none. */
  private static final long NOBODY = 0;

  /** A transaction, and the connection that has it open. */
  record Holder(long transaction, long connection) {}

  private final Links links;
  private final int relaxedFlush;
  private Optional<Future<Link>> opened = Optional.empty();

  Side(Links links, int relaxedFlush) {
    this.links = links;
    this.relaxedFlush = relaxedFlush;
  }

  Future<Link> link() {
    boolean usable =
        opened
            .filter(link -> !link.failed())
            .filter(link -> !link.succeeded() || link.result().connection().open())
            .isPresent();
    if (!usable) {
      opened = Optional.of(links.forItself());
    }
    return opened.orElseThrow();
  }

  /**
   * Runs one statement so that it, and all that was committed before, is on the disk when this
   * completes. A commit under {@code innodb_flush_log_at_trx_commit=1} writes and flushes the redo
   * log up to its own LSN (MariaDB: trx_flush_log_if_needed, log_write_up_to), and the log is
   * sequential. {@code FLUSH ENGINE LOGS} would not do: it follows the relaxed setting (MariaDB:
   * innobase_flush_logs). Calls go one after the other over this one connection.
   */
  Future<Void> durably(String statement) {
    return link()
        .compose(
            link ->
                link.run(
                    "SET GLOBAL innodb_flush_log_at_trx_commit=1;"
                        + statement
                        + ";SET GLOBAL innodb_flush_log_at_trx_commit="
                        + relaxedFlush))
        .mapEmpty();
  }

  Future<Optional<Remembered>> remembered(WriteId id) {
    return link()
        .compose(link -> link.rows(OwnTables.readRemembered(id)))
        .map(rows -> rows.stream().findFirst().map(row -> remembered(id, row)));
  }

  private static Remembered remembered(WriteId id, Link.Row row) {
    return new Remembered(id, new Seq(row.number(0)), OwnTables.outcome(row.bytes(1)));
  }

  /**
   * Ends the clients' transactions that were open before the given time and still are: whoever
   * waits since then waits for one of these, since later ones queue behind it. Which table they
   * hold is not asked: the server tells that only with a plugin that not every build has. {@code
   * trx_started} is in the zone of the server's process, whatever the session's zone is (MariaDB:
   * INNODB_TRX, i_s.cc field_store_time_t).
   */
  Future<Integer> endTransactionsOlderThan(long seconds, List<Long> exceptConnections) {
    String ours = exceptConnections.toString().replace("[", "").replace("]", "");
    return link()
        .compose(
            link ->
                link.rows(
                        "SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX"
                            + " WHERE trx_mysql_thread_id NOT IN (0,CONNECTION_ID(),"
                            + ours
                            + ") AND trx_started <= CONVERT_TZ(NOW(),@@time_zone,'SYSTEM') -"
                            + " INTERVAL "
                            + seconds
                            + " SECOND")
                    .compose(rows -> kill(link, rows))
                    .compose(
                        killed -> Branches.rollBackOrphans(link).map(orphans -> killed + orphans)));
  }

  /**
   * The transactions of clients whose locks this connection waits for. A lock whose owner is gone
   * belongs to a branch that was prepared; those are removed at once.
   */
  Future<List<Holder>> blockersOf(long connection) {
    return waitedFor(connection)
        .compose(
            found ->
                found.stream().anyMatch(one -> one.connection() == NOBODY)
                    ? link().compose(Branches::rollBackOrphans).map(found)
                    : Future.succeededFuture(found))
        .map(found -> found.stream().filter(one -> one.connection() != NOBODY).toList());
  }

  private Future<List<Holder>> waitedFor(long connection) {
    String query =
        "SELECT DISTINCT b.trx_id, b.trx_mysql_thread_id FROM information_schema.INNODB_TRX r"
            + " JOIN information_schema.INNODB_LOCK_WAITS w ON w.requesting_trx_id = r.trx_id"
            + " JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id"
            + " WHERE r.trx_mysql_thread_id = "
            + connection
            + " AND b.trx_mysql_thread_id <> CONNECTION_ID()";
    return link()
        .compose(link -> link.rows(query))
        .map(rows -> rows.stream().map(row -> new Holder(row.number(0), row.number(1))).toList());
  }

  /** The connections that have a transaction open. */
  Future<List<Long>> openTransactions(List<Long> exceptConnections) {
    return ids(
        "SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX"
            + " WHERE trx_mysql_thread_id NOT IN (0,CONNECTION_ID(),"
            + exceptConnections.toString().replace("[", "").replace("]", "")
            + ")");
  }

  private Future<List<Long>> ids(String query) {
    return link()
        .compose(link -> link.rows(query))
        .map(rows -> rows.stream().map(row -> row.number(0)).toList());
  }

  /** Ends what they run at present, with 1317. */
  Future<Void> interrupt(List<Long> connections) {
    return each("KILL QUERY ", connections);
  }

  Future<Void> disconnect(List<Long> connections) {
    return each("KILL CONNECTION ", connections);
  }

  /** Somebody may be gone by now, which is as good. */
  private Future<Void> each(String kill, List<Long> connections) {
    Future<Void> done = Future.succeededFuture();
    for (Long connection : connections) {
      done =
          done.compose(before -> link())
              .compose(link -> link.run(kill + connection))
              .transform(any -> Future.succeededFuture());
    }
    return done;
  }

  /** Somebody may be gone by now, which is as good. */
  private static Future<Integer> kill(Link link, List<Link.Row> connections) {
    Future<Integer> done = Future.succeededFuture(connections.size());
    for (Link.Row row : connections) {
      done =
          done.compose(
              count -> link.run("KILL CONNECTION " + row.number(0)).map(count).otherwise(count));
    }
    return done;
  }

  void close() {
    opened.ifPresent(link -> link.onSuccess(open -> open.connection().close()));
    opened = Optional.empty();
  }
}
