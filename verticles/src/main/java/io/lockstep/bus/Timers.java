package io.lockstep.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/**
 * Time as the stages see it, so that a simulation can own it. Callbacks run on the caller's
 * context.
 */
public interface Timers {
  /** Stops a timer that has not fired yet. */
  interface Timer {
    void cancel();
  }

  /** Runs {@code action} once, after {@code delay}. */
  Timer after(Duration delay, Runnable action);

  /** Completes after {@code delay}. */
  default Future<Void> pause(Duration delay) {
    Promise<Void> over = Promise.promise();
    after(delay, over::complete);
    return over.future();
  }

  /** Monotonic nanoseconds, for measuring durations only. */
  long nanos();

  /** The wall clock. */
  Instant now();
}
