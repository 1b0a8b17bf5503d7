package io.lockstep.gateway.locks;

import io.lockstep.bus.Timers;
import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The user locks of one session. A lock that is asked for while somebody has it is asked for again
 * and again until the client's patience is over. Lives on the session's context.
 */
public final class SessionLocks {
  static final Duration POLL_MIN = Duration.ofMillis(50);
  static final Duration POLL_MAX = Duration.ofMillis(500);

  /** How long a wait may last that has no end of its own. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final UserLocks locks;
  private final Timers timers;
  private final long holder;
  private final Map<Bytes, Integer> depths = new HashMap<>();
  private Optional<Promise<Boolean>> waiting = Optional.empty();
  private Future<?> underWay = Future.succeededFuture();
  private boolean asked;
  private boolean ended;

  public SessionLocks(UserLocks locks, Timers timers, long holder) {
    this.locks = locks;
    this.timers = timers;
    this.holder = holder;
  }

  /** The wait was ended by KILL QUERY. */
  public static final class InterruptedWaitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InterruptedWaitException() {
      super("the wait for a user lock was ended", null, false, false);
    }
  }

  /** Takes the lock; false when somebody else had it for {@code seconds}. */
  public Future<Boolean> get(Bytes name, double seconds) {
    if (locks.has(holder, name)) {
      depths.merge(name, 1, Integer::sum);
      return Future.succeededFuture(true);
    }
    asked = true;
    double bounded = Math.min(seconds, (double) FOR_EVER.toSeconds());
    long deadline = timers.nanos() + (long) (bounded * Duration.ofSeconds(1).toNanos());
    Promise<Boolean> promise = Promise.promise();
    waiting = Optional.of(promise);
    attempt(name, deadline, POLL_MIN, promise);
    return promise
        .future()
        .onSuccess(
            got -> {
              if (got) {
                depths.put(name, 1);
              }
            })
        .onComplete(over -> waiting = Optional.empty());
  }

  private void attempt(Bytes name, long deadline, Duration pause, Promise<Boolean> promise) {
    if (ended || promise.future().isComplete()) {
      promise.tryFail(new InterruptedWaitException());
      return;
    }
    Future<Boolean> taken = locks.take(holder, name);
    underWay = taken;
    taken.onComplete(
        result -> {
          if (result.failed()) {
            promise.tryFail(result.cause());
          } else if (result.result()) {
            // Whoever was interrupted meanwhile does not know that it has the lock.
            if (!promise.tryComplete(true)) {
              locks.release(holder, name);
            }
          } else if (timers.nanos() >= deadline) {
            promise.tryComplete(false);
          } else {
            long left = deadline - timers.nanos();
            Duration next = pause.toNanos() < left ? pause : Duration.ofNanos(left);
            Duration longer =
                pause.multipliedBy(2).compareTo(POLL_MAX) < 0 ? pause.multipliedBy(2) : POLL_MAX;
            timers.after(next, () -> attempt(name, deadline, longer, promise));
          }
        });
  }

  /** Whether the session waits for a lock. */
  public boolean waits() {
    return waiting.isPresent();
  }

  /** Ends the wait that is under way; whether there was one. */
  public boolean interrupt() {
    return waiting.filter(promise -> promise.tryFail(new InterruptedWaitException())).isPresent();
  }

  /** True if it was given back, false if another session has it, empty if nobody has. */
  public Future<Optional<Boolean>> release(Bytes name) {
    if (!locks.has(holder, name)) {
      return locks.owner(name).map(owner -> owner.map(other -> false));
    }
    int depth = depths.getOrDefault(name, 1);
    if (depth > 1) {
      depths.put(name, depth - 1);
      return Future.succeededFuture(Optional.of(true));
    }
    depths.remove(name);
    return locks.release(holder, name).map(Optional::of);
  }

  /** Gives all back; how many times they had been taken. */
  public Future<Long> releaseAll() {
    long times = depths.values().stream().mapToLong(Integer::longValue).sum();
    depths.clear();
    return times == 0
        ? Future.succeededFuture(0L)
        : locks.releaseAll(holder).map(released -> times);
  }

  /** The connection id of the session that has the lock. */
  public Future<Optional<Long>> owner(Bytes name) {
    return locks.has(holder, name)
        ? Future.succeededFuture(Optional.of(holder))
        : locks.owner(name).map(owner -> owner.map(LockRow::holder));
  }

  /** Whether the session may go on: its locks are certainly its own. */
  public boolean sure() {
    return locks.isSure(holder);
  }

  /** COM_RESET_CONNECTION: the session goes on with none, and only once that is ordered. */
  public Future<Void> reset() {
    interrupt();
    depths.clear();
    return giveBack();
  }

  /** The session is over; what it asked for last may still arrive. */
  public void end() {
    ended = true;
    interrupt();
    giveBack();
  }

  private Future<Void> giveBack() {
    return asked
        ? underWay.transform(settled -> locks.releaseAll(holder)).mapEmpty()
        : Future.succeededFuture();
  }
}
