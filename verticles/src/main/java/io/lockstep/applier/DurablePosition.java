package io.lockstep.applier;

import io.lockstep.bus.Timers;
import io.lockstep.model.Position;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how far the database can no longer fall back. The database commits without waiting for
 * its disk, so a committed position is not a durable one: from time to time it is asked to flush,
 * and the position that was committed before the flush is told.
 */
final class DurablePosition {
  static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(DurablePosition.class);

  private final ReplicaDatabase database;
  private final Timers timers;
  private final Executor loop;
  private final Supplier<Position> committed;
  private final Consumer<Position> durable;
  private final Runnable failed;
  private Position told = Position.START;
  private boolean flushing;
  private boolean stopped;

  /**
   * Asks nothing before {@link #start}.
   *
   * @param failed runs when the database did not flush: perhaps it is gone, and nobody else asks
   */
  DurablePosition(
      ApplierPorts ports,
      Supplier<Position> committed,
      Consumer<Position> durable,
      Runnable failed) {
    this.database = ports.database();
    this.timers = ports.timers();
    this.loop = ports.loop();
    this.committed = committed;
    this.durable = durable;
    this.failed = failed;
  }

  void start() {
    timers.after(
        INTERVAL,
        () -> {
          soon();
          start();
        });
  }

  void stop() {
    stopped = true;
  }

  /** Does not wait for its time. */
  void soon() {
    Position position = committed.get();
    if (stopped || flushing || !position.seq().isAfter(told.seq())) {
      return;
    }
    flushing = true;
    Loops.on(loop, database.flush())
        .onComplete(done -> flushing = false)
        .onSuccess(
            flushed -> {
              told = position;
              durable.accept(position);
            })
        .onFailure(
            failure -> {
              LOG.warn("the database could not flush: {}", failure.getMessage());
              failed.run();
            });
  }
}
