package io.lockstep.chaos.live;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition of another process, which can only be polled. */
final class Waiting {
  private Waiting() {}

  /**
   * Polls until {@code holds}; a wait that reaches its bound is an error that names {@code what}.
   */
  static void until(String what, Duration within, Duration pause, BooleanSupplier holds) {
    if (!quietly(within, pause, holds)) {
      throw new IllegalStateException("waited " + within.toSeconds() + " s in vain for " + what);
    }
  }

  /** Polls until {@code holds} or the bound is reached; returns whether it holds. */
  static boolean quietly(Duration within, Duration pause, BooleanSupplier holds) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      sleep(pause);
    }
    return true;
  }

  static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }
}
