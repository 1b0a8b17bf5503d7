package io.lockstep.gateway.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What a node counts of the events that it runs. Safe on any thread. */
final class EventMetrics {
  private final Counter runs;
  private final Counter failures;
  private final Counter delays;

  EventMetrics(MeterRegistry meters) {
    this.runs = meters.counter("lockstep.events.runs");
    this.failures = meters.counter("lockstep.events.failures");
    this.delays = meters.counter("lockstep.events.delays");
  }

  /** An instant was claimed and its body begun. */
  void began() {
    runs.increment();
  }

  /** A body ended with an error. */
  void failed() {
    failures.increment();
  }

  /** An event is due and has to wait, since as many run as may. */
  void delayed() {
    delays.increment();
  }
}
