package io.lockstep.sequencer;

import io.lockstep.model.Sequenced;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** What the sequencer counts. */
public final class SequencerMetrics {
  private final MeterRegistry registry;
  private final Timer append;
  private final DistributionSummary entryWrites;

  public SequencerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.append =
        Timer.builder("lockstep.sequencer.append")
            .description("From handing an entry to the log until it was committed")
            .register(registry);
    this.entryWrites =
        DistributionSummary.builder("lockstep.sequencer.entry.writes")
            .description("Writes that shared one entry")
            .register(registry);
  }

  void watch(
      Supplier<Number> queuedWrites, Supplier<Number> appendsInFlight, Supplier<Number> term) {
    Gauge.builder("lockstep.sequencer.queue.writes", queuedWrites).register(registry);
    Gauge.builder("lockstep.sequencer.appends.in.flight", appendsInFlight).register(registry);
    Gauge.builder("lockstep.sequencer.term", term).register(registry);
  }

  void committed(int writes, Duration took) {
    append.record(took);
    entryWrites.record(writes);
  }

  void answered(Sequenced answer) {
    registry
        .counter(
            "lockstep.sequencer.answers",
            "answer",
            answer.fold(at -> "at", notHere -> "not_here", full -> "full", unknown -> "unknown"))
        .increment();
  }

  void reign() {
    registry.counter("lockstep.sequencer.reigns").increment();
  }

  void interrupted() {
    registry.counter("lockstep.sequencer.interruptions").increment();
  }
}
