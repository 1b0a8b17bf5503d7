package io.lockstep.gateway;

import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what a branch has changed: prepares it and asks its master's node for the rows. Lives
 * on its session's context.
 */
final class Capturing {
  private static final Logger LOG = LoggerFactory.getLogger(Capturing.class);

  private final Session session;
  private final Branch branch;
  private final BranchRows rows;

  Capturing(Session session, Branch branch) {
    this.session = session;
    this.branch = branch;
    GatewayPorts ports = session.parts().ports();
    this.rows =
        new BranchRows(
            ports.bus(), ports.timers(), session.mastership().node(), new BranchId(branch.xid()));
  }

  /**
   * Fails with 1213 when it cannot be known now: nothing has happened then. The branch stays
   * prepared, with its locks, and nothing else can run on its connection until it is rolled back.
   */
  Future<Capture.Rows> run() {
    return rows.after(branch::prepare).recover(this::unknown).compose(this::judged);
  }

  /**
   * The same for a branch that what ran in it has prepared and rolled back itself.
   *
   * @param from in nanoseconds of the timers, before it can have been prepared
   */
  Future<Capture.Rows> ended(long from) {
    return rows.since(from).recover(this::unknown).compose(this::judged);
  }

  private Future<Capture.Rows> judged(Capture capture) {
    return capture.fold(
        new CapturedChanges(session)::judged,
        unusable ->
            Future.failedFuture(
                new ClientErrorException(MySqlError.notSupported(unusable.reason()))));
  }

  private Future<Capture> unknown(Throwable cause) {
    LOG.warn("the rows of {} could not be read back: {}", branch.xid(), cause.toString());
    return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
  }
}
