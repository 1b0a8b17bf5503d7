package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
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

  /**
   * A reader that has just begun is not sure of branches without rows before messages cannot be
   * under way any more; all the tries of one statement together outlast that.
   */
  private static final Duration KNOWN_LATER =
      Addresses.CAPTURE_WITHIN.multipliedBy(2).dividedBy(CapturedWriting.ATTEMPTS_MAX);

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
        .compose(this::judged);
  }

  /**
   * The same for a branch that what ran in it has prepared and rolled back itself.
   *
   * @param from in nanoseconds of the timers, before it can have been prepared
   */
  Future<Capture.Rows> ended(long from) {
    return ask(from, 1).recover(this::unknown).compose(this::judged);
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
    return session
        .parts()
        .ports()
        .timers()
        .pause(KNOWN_LATER)
        .compose(passed -> Future.failedFuture(new ClientErrorException(MySqlError.deadlock())));
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
