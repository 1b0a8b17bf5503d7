package io.lockstep.applier;

import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.PriorityQueue;

/** Those who wait for the position to reach a number. Runs on the applier's loop. */
final class Waiters {
  /** Who comes while so many wait is refused. */
  static final int WAITING_MAX = 65_536;

  private static final class Waiter implements Comparable<Waiter> {
    private final long number;
    private final Promise<Void> reached = Promise.promise();

    Waiter(long number) {
      this.number = number;
    }

    @Override
    public int compareTo(Waiter other) {
      return Long.compare(number, other.number);
    }
  }

  private final Timers timers;
  private final PriorityQueue<Waiter> waiting = new PriorityQueue<>();

  Waiters(Timers timers) {
    this.timers = timers;
  }

  /** Fails with {@link NotReachedException} when the number is not reached in time. */
  Future<Void> await(long number, Duration within) {
    if (waiting.size() >= WAITING_MAX) {
      return Future.failedFuture(
          new NotReachedException(WAITING_MAX + " requests wait for this node's database already"));
    }
    Waiter waiter = new Waiter(number);
    waiting.add(waiter);
    Timers.Timer limit = timers.after(within, () -> giveUp(waiter, within));
    return waiter.reached.future().onComplete(done -> limit.cancel());
  }

  private void giveUp(Waiter waiter, Duration within) {
    if (waiting.remove(waiter)) {
      waiter.reached.fail(
          new NotReachedException(
              "this node's database did not reach " + waiter.number + " within " + within));
    }
  }

  void reached(long number) {
    while (!waiting.isEmpty() && waiting.element().number <= number) {
      waiting.remove().reached.complete();
    }
  }

  void failAll(Throwable cause) {
    while (!waiting.isEmpty()) {
      waiting.remove().reached.fail(cause);
    }
  }
}
