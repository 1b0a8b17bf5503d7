package io.lockstep.applier;

import io.lockstep.model.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The applier's figures. */
final class ApplierMetrics {
  private final AtomicLong seq;
  private final AtomicLong lagEntries;
  private final DistributionSummary batchWrites;
  private final Timer batchTime;
  private final Counter done;
  private final Counter failed;
  private final Counter refused;
  private final Counter repeated;
  private final Counter retries;

  ApplierMetrics(MeterRegistry meters) {
    seq = meters.gauge("lockstep.applier.seq", new AtomicLong());
    lagEntries = meters.gauge("lockstep.applier.lag.entries", new AtomicLong());
    batchWrites = meters.summary("lockstep.applier.batch.writes");
    batchTime = meters.timer("lockstep.applier.batch.time");
    done = meters.counter("lockstep.applier.writes", "outcome", "done");
    failed = meters.counter("lockstep.applier.writes", "outcome", "failed");
    refused = meters.counter("lockstep.applier.writes", "outcome", "refused");
    repeated = meters.counter("lockstep.applier.writes", "outcome", "repeated");
    retries = meters.counter("lockstep.applier.retries");
  }

  void batch(List<Settled> batch, Duration took) {
    batchWrites.record(batch.size());
    batchTime.record(took);
    batch.forEach(
        settled ->
            settled
                .outcome()
                .map(outcome -> outcome.fold(d -> done, f -> failed, r -> refused))
                .orElse(repeated)
                .increment());
  }

  void at(Position position, long lag) {
    seq.set(position.seq().value());
    lagEntries.set(Math.max(0, lag));
  }

  void retry() {
    retries.increment();
  }
}
