package io.lockstep.chaos.sim;

import io.lockstep.bus.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * One life of a node's process: its event loop and its timers. What it had planned dies with it;
 * while it is paused, everything waits.
 */
final class SimLife implements Executor, Timers {
  private static final long HOP = SimTime.MICRO;

  private final SimTime time;
  private long pausedUntil;
  private boolean dead;

  SimLife(SimTime time) {
    this.time = time;
  }

  boolean isDead() {
    return dead;
  }

  void end() {
    dead = true;
  }

  void pauseFor(long nanos) {
    pausedUntil = Math.max(pausedUntil, time.now() + nanos);
  }

  /** Runs now, or when the pause is over, or never. */
  void run(Runnable action) {
    if (dead) {
      return;
    }
    if (pausedUntil > time.now()) {
      time.after(pausedUntil - time.now(), () -> run(action));
    } else {
      action.run();
    }
  }

  void runAfter(long nanos, Runnable action) {
    time.after(nanos, () -> run(action));
  }

  @Override
  public void execute(Runnable action) {
    runAfter(HOP, action);
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    boolean[] cancelled = {false};
    runAfter(
        delay.toNanos(),
        () -> {
          if (!cancelled[0]) {
            action.run();
          }
        });
    return () -> cancelled[0] = true;
  }

  @Override
  public long nanos() {
    return time.now();
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(time.now());
  }
}
