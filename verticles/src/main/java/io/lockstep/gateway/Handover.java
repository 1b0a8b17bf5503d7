package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Nothing;
import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A lock that a statement has waited for was most often let go by a transaction that commits: its
 * write has its place and is about to be applied, so that what the statement saw is old. Told
 * before the client sees it, the statement can be run again behind that write instead of ending in
 * 1213 at the commit. A matter of chances: what was missed here is found when the order compares.
 */
final class Handover {
  /** Who has waited less has hardly waited for another's commit. */
  static final Duration WAITED_MIN = Duration.ofMillis(3);

  /**
   * So much more for each step of the transaction, about what running it again takes: a guess may
   * not cost much more than what was waited, or a long transaction on a busy machine is run again
   * so often that it does not end.
   */
  static final Duration WAITED_PER_STEP = Duration.ofNanos(100_000);

  /** What took longer is too dear to be run again on a guess. */
  static final Duration WAITED_MAX = Duration.ofSeconds(1);

  /** How often one statement is run again behind another's write. */
  static final int TIMES_MAX = 10;

  /** What is applied within this was not waiting for the asker's own locks. */
  private static final Duration AT_ONCE = Duration.ofMillis(2);

  private final Function<NodeId, Future<Seq>> applied;
  private final Timers timers;

  /**
   * @param applied answers as soon as a node has applied all that its log has committed, or fails
   */
  Handover(Function<NodeId, Future<Seq>> applied, Timers timers) {
    this.applied = applied;
    this.timers = timers;
  }

  /** Asks over the bus. */
  static Handover over(Bus bus, Timers timers) {
    return new Handover(
        node -> bus.ask(Addresses.SETTLED, node, Nothing.NOTHING, Addresses.REACHED_WITHIN),
        timers);
  }

  /**
   * Whether a statement that was sent then may have waited for a lock, long enough for its
   * transaction to be run again.
   *
   * @param steps how many statements of the transaction came before
   */
  boolean mayFollow(long sentNanos, int steps) {
    long took = timers.nanos() - sentNanos;
    return took >= WAITED_MIN.toNanos()
        && took >= WAITED_PER_STEP.multipliedBy(steps).toNanos()
        && took <= WAITED_MAX.toNanos();
  }

  /**
   * Whether all that is committed is applied at the node already. If not, {@code release} is
   * called, and the answer comes when that is so, or after a bound.
   */
  Future<Boolean> settled(NodeId node, Supplier<Future<Void>> release) {
    Future<Seq> settled = applied.apply(node);
    Promise<Boolean> first = Promise.promise();
    settled.onComplete(done -> first.tryComplete(true));
    Timers.Timer timer = timers.after(AT_ONCE, () -> first.tryComplete(false));
    return first
        .future()
        .onComplete(one -> timer.cancel())
        .compose(
            atOnce ->
                atOnce
                    ? Future.succeededFuture(true)
                    : release
                        .get()
                        .compose(
                            released -> settled.transform(done -> Future.succeededFuture(false))));
  }
}
