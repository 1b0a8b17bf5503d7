package io.lockstep.runtime;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what real threads and sockets do, no longer than {@link #MAX}. */
public final class Patience {
  public static final Duration MAX = Duration.ofSeconds(20);

  private Patience() {}

  /** The result, or what the future failed with, thrown as it is where it is unchecked. */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(failed.getCause());
    } catch (InterruptedException | TimeoutException late) {
      throw new IllegalStateException("not within " + MAX, late);
    }
  }

  /** Looks every millisecond. */
  public static void until(BooleanSupplier holds, String otherwise) {
    long deadline = System.nanoTime() + MAX.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(otherwise + " after " + MAX);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
