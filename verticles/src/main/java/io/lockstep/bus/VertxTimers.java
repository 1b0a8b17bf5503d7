package io.lockstep.bus;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/**
 * Real time: Vert.x's timers and the system's clocks. The only class that reads them. An action
 * runs on the context that asked for it.
 */
public final class VertxTimers implements Timers {
  private final Vertx vertx;

  public VertxTimers(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> action.run());
    return () -> vertx.cancelTimer(id);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}
