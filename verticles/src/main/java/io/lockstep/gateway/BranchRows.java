package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks a branch's node what the branch has changed. A reader that has begun after the branch was
 * prepared may have missed it, so every question says how long ago that can have been. Lives on its
 * session's context.
 */
final class BranchRows {
  /** Questions that may be lost or come too early; after that the transaction is given up. */
  private static final int ASKED_MAX = 3;

  /**
   * A reader that has just begun is not sure of branches without rows before messages cannot be
   * under way any more; all the tries of one statement together outlast that.
   */
  static final Duration KNOWN_LATER =
      Addresses.CAPTURE_WITHIN.multipliedBy(2).dividedBy(CapturedWriting.ATTEMPTS_MAX);

  private final Bus bus;
  private final Timers timers;
  private final NodeId node;
  private final BranchId branch;

  BranchRows(Bus bus, Timers timers, NodeId node, BranchId branch) {
    this.bus = bus;
    this.timers = timers;
    this.node = node;
    this.branch = branch;
  }

  /** Prepares the branch and asks; fails as the prepare does. */
  Future<Capture> after(Supplier<Future<Void>> prepare) {
    long from = timers.nanos();
    return prepare.get().compose(prepared -> since(from));
  }

  /**
   * The same for a branch that has been prepared. Fails after {@link #KNOWN_LATER} when it cannot
   * be known now.
   *
   * @param from in nanoseconds of the timers, before the branch can have been prepared
   */
  Future<Capture> since(long from) {
    return ask(from, 1)
        .recover(
            unknown -> timers.pause(KNOWN_LATER).compose(later -> Future.failedFuture(unknown)));
  }

  private Future<Capture> ask(long from, int attempt) {
    long ms = Duration.ofNanos(timers.nanos() - from).toMillis();
    CaptureQuestion question = new CaptureQuestion(branch, ms);
    return bus.ask(Addresses.CAPTURE, node, question, Addresses.CAPTURE_WITHIN)
        .recover(lost -> attempt < ASKED_MAX ? ask(from, attempt + 1) : Future.failedFuture(lost));
  }
}
