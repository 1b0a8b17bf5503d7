package io.lockstep.gateway.events;

import java.time.Instant;
import java.util.Optional;

/**
 * One event and when it is due next. A value.
 *
 * @param next empty when it is over
 * @param busy whether something of it is under way that must end first: a claim, its end
 */
record Due(EventDefinition event, Optional<Instant> next, boolean busy) {
  /** Instants that are passed over one by one; with more of them, the earliest is taken. */
  static final int HOPS_MAX = 1_000;

  static Due of(EventDefinition event, Instant since) {
    return new Due(event, event.schedule().first(event.changed(), since), false);
  }

  boolean isDue(Instant now) {
    return !busy && next.filter(due -> !due.isAfter(now)).isPresent();
  }

  boolean isOver() {
    return !busy && next.isEmpty();
  }

  /** What is run now: those that were missed are not made up for. */
  Instant latest(Instant now) {
    Instant due = next.orElseThrow();
    for (int i = 0; i < HOPS_MAX; i++) {
      Optional<Instant> later = event.schedule().after(due).filter(one -> !one.isAfter(now));
      if (later.isEmpty()) {
        return due;
      }
      due = later.get();
    }
    return due;
  }

  Due busy(boolean is) {
    return new Due(event, next, is);
  }

  /** As it is when {@code now} has been seen to. */
  Due past(Instant now) {
    return new Due(event, event.schedule().after(now), busy);
  }

  /**
   * The earlier instant of the two: an event that was made again looks the same and begins anew,
   * and an instant that has been run is not claimed twice.
   */
  Due orEarlier(Due other) {
    boolean earlier =
        other.next.isPresent() && next.filter(due -> !due.isAfter(other.next.get())).isEmpty();
    return busy || !earlier ? this : other;
  }
}
