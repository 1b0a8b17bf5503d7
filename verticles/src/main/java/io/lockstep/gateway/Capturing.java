package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.TableName;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what a branch has changed: prepares it, asks its master's node for the rows, and rolls
 * it back, whatever comes of it. Lives on its session's context.
 */
final class Capturing {
  private static final Logger LOG = LoggerFactory.getLogger(Capturing.class);

  /** Questions that may be lost or come too early; after that the transaction is given up. */
  private static final int ASKED_MAX = 3;

  /** What a stored program did to the tables that Lockstep and the server keep for themselves. */
  private static final MySqlError SYSTEM =
      MySqlError.notSupported("writes to the system's tables in a stored program");

  private static final String UNNAMED =
      "changes that are ordered as rows to a table without primary key, but with a unique key that"
          + " can be NULL; give it a primary key: ";

  private final Session session;
  private final Branch branch;
  private final NodeId master;

  Capturing(Session session, Branch branch) {
    this.session = session;
    this.branch = branch;
    this.master = session.mastership().node();
  }

  /** Fails with 1213 when it cannot be known now: nothing has happened then. */
  Future<Capture.Rows> run() {
    long from = session.parts().ports().timers().nanos();
    return branch
        .prepare()
        .compose(prepared -> ask(from, 1))
        .recover(this::unknown)
        .eventually(branch::rollback)
        .compose(
            capture ->
                capture.fold(
                    this::judged,
                    unusable ->
                        Future.failedFuture(
                            new ClientErrorException(MySqlError.notSupported(unusable.reason())))));
  }

  private Future<Capture.Rows> judged(Capture.Rows rows) {
    ChangedTables tables = ChangedTables.of(rows);
    if (tables.named().stream().anyMatch(table -> SystemSchemas.contains(table.schema()))) {
      return Future.failedFuture(new ClientErrorException(SYSTEM));
    }
    return Future.all(tables.changed().stream().map(this::named).toList()).map(rows);
  }

  /** Refused only after another look, since the table may have been given a key elsewhere. */
  private Future<Void> named(TableName table) {
    SessionParts parts = session.parts();
    return canBeNamed(table)
        .compose(
            can ->
                can
                    ? Future.succeededFuture(true)
                    : parts.upToDate().compose(n -> canBeNamed(table)))
        .compose(
            can ->
                can
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ClientErrorException(MySqlError.notSupported(UNNAMED + table))));
  }

  private Future<Boolean> canBeNamed(TableName table) {
    SessionParts parts = session.parts();
    return parts
        .planner()
        .position(session)
        .compose(now -> parts.catalogue().table(table, now.definitionsSeq()))
        .map(found -> found.filter(definition -> !definition.rowsCanBeNamed()).isEmpty());
  }

  private Future<Capture> unknown(Throwable cause) {
    LOG.warn("the rows of {} could not be read back: {}", branch.xid(), cause.toString());
    return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
  }

  private Future<Capture> ask(long from, int attempt) {
    GatewayPorts ports = session.parts().ports();
    long ms = Duration.ofNanos(ports.timers().nanos() - from).toMillis();
    CaptureQuestion question = new CaptureQuestion(new BranchId(branch.xid()), ms);
    return ports
        .bus()
        .ask(Addresses.CAPTURE, master, question, Addresses.CAPTURE_WITHIN)
        .recover(lost -> attempt < ASKED_MAX ? ask(from, attempt + 1) : Future.failedFuture(lost));
  }
}
