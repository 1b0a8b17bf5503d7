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
import java.util.ArrayList;
import java.util.List;
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
   * So many times what statements take that wait for nobody. On a busy machine all take long, and
   * something is committed and not yet applied at any time.
   */
  static final int WAITED_TIMES = 8;

  /**
   * So much more for each step of the transaction, about what running it again takes: a guess may
   * not cost much more than what was waited, or a long transaction on a busy machine is run again
   * so often that it does not end.
   */
  static final Duration WAITED_PER_STEP = Duration.ofNanos(100_000);

  /** What took longer is too dear to be run again on a guess. */
  static final Duration WAITED_MAX = Duration.ofSeconds(1);

  /**
   * How many steps are run again at most, itself included, for one statement that others' writes
   * precede each time: with many sessions at one row it takes as many until its turn comes.
   */
  static final int STEPS_AGAIN_MAX = 1_000;

  /** Between those who take their turns. */
  private static final Duration TURN = Duration.ofMillis(1);

  /** Nobody waits longer for those who have waited longer. */
  private static final int TURNS_MAX = 20;

  /** What is applied within this was not waiting for the asker's own locks. */
  private static final Duration AT_ONCE = Duration.ofMillis(2);

  private final Function<NodeId, Future<Seq>> applied;
  private final Timers timers;
  private final UsualDuration usual = new UsualDuration(WAITED_MIN.dividedBy(WAITED_TIMES));

  /** Since when those wait who are about to run again; one for each session at most. */
  private final List<Long> waiting = new ArrayList<>();

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

  /** A statement that takes locks, sent then, has come back: most of them wait for nobody. */
  void cameBack(long sentNanos) {
    usual.add(timers.nanos() - sentNanos);
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
        && took >= WAITED_TIMES * usual.nanos()
        && took >= WAITED_PER_STEP.multipliedBy(steps).toNanos()
        && took <= WAITED_MAX.toNanos();
  }

  /** Whether a statement that was run again so often may be so once more. */
  static boolean worthwhile(int times, int steps) {
    return (times + 1L) * (steps + 1L) <= STEPS_AGAIN_MAX;
  }

  /**
   * Whether all that is committed is applied at the node already. If not, {@code release} is
   * called, and the answer comes when that is so, or after a bound: to those first who have waited
   * longest, or new ones would pass them by again and again.
   *
   * @param since when the asker's statement began
   */
  Future<Boolean> settled(NodeId node, long since, Supplier<Future<Void>> release) {
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
                    : release.get().compose(released -> turn(since, settled)).map(false));
  }

  /** When all is applied at the node that its log knows to be committed. */
  Future<Seq> reached(NodeId node) {
    return applied.apply(node);
  }

  private Future<Void> turn(long since, Future<Seq> settled) {
    waiting.add(since);
    return settled
        .transform(
            done -> {
              long before = waiting.stream().filter(other -> other - since < 0).count();
              return before == 0
                  ? Future.succeededFuture()
                  : timers.pause(TURN.multipliedBy(Math.min(before, TURNS_MAX)));
            })
        .<Void>mapEmpty()
        .onComplete(over -> waiting.remove(since));
  }
}
