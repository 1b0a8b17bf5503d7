package io.lockstep.applier.mariadb;

import io.lockstep.bus.Timers;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again for branches whose gateway has died between their preparation and their
 * end. What they lock, clients wait for, whether the applier ever needs it or not. On the
 * database's event loop.
 */
final class OrphanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

  /** Well below the 50 s that clients wait for a lock by default. */
  static final Duration EVERY = Duration.ofSeconds(3);

  private final Timers timers;
  private final Side side;
  private Optional<Timers.Timer> next = Optional.empty();

  OrphanSweep(Timers timers, Side side) {
    this.timers = timers;
    this.side = side;
  }

  /** From now on, unless it does already. */
  void start() {
    if (next.isEmpty()) {
      later();
    }
  }

  void stop() {
    next.ifPresent(Timers.Timer::cancel);
    next = Optional.empty();
  }

  private void later() {
    next = Optional.of(timers.after(EVERY, this::sweep));
  }

  private void sweep() {
    side.link()
        .compose(Branches::rollBackOrphans)
        .onFailure(lost -> LOG.debug("branches could not be looked for: {}", lost.toString()))
        .onComplete(
            swept -> {
              if (next.isPresent()) {
                later();
              }
            });
  }
}
