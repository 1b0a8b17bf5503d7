package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What a gateway counts and times. Safe on any thread. */
final class GatewayMetrics {
  private final MeterRegistry meters;
  private final Timers timers;
  private final Timer reads;
  private final Timer plans;
  private final Timer writes;
  private final Counter stale;
  private final Counter failovers;
  private final Counter logins;

  GatewayMetrics(MeterRegistry meters, Timers timers) {
    this.meters = meters;
    this.timers = timers;
    this.reads = meters.timer("lockstep.gateway.read");
    this.plans = meters.timer("lockstep.gateway.plan");
    this.writes = meters.timer("lockstep.gateway.write");
    this.stale = meters.counter("lockstep.gateway.stale");
    this.failovers = meters.counter("lockstep.gateway.failovers");
    this.logins = meters.counter("lockstep.gateway.logins");
  }

  void read(long fromNanos) {
    reads.record(timers.nanos() - fromNanos, TimeUnit.NANOSECONDS);
  }

  /** A write was analysed and checked. */
  void planned(long fromNanos) {
    plans.record(timers.nanos() - fromNanos, TimeUnit.NANOSECONDS);
  }

  /** A write was analysed, ordered and applied at its master. */
  void written(long fromNanos) {
    writes.record(timers.nanos() - fromNanos, TimeUnit.NANOSECONDS);
  }

  void stale() {
    stale.increment();
  }

  void failover() {
    failovers.increment();
  }

  void login() {
    logins.increment();
  }

  /** A client was told no by the gateway itself. */
  void refused(int code) {
    meters.counter("lockstep.gateway.refusals", "code", Integer.toString(code)).increment();
  }
}
