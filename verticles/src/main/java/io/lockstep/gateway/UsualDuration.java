package io.lockstep.gateway;

import java.time.Duration;

/**
 * What most of many durations are above: their lower quartile, as it is now. Followed by stochastic
 * approximation (Robbins and Monro, 1951), in steps that are a share of the value, so that nothing
 * is kept of what was seen. Lives on one context.
 */
final class UsualDuration {
  static final Duration LEAST = Duration.ofNanos(50_000);
  static final Duration MOST = Duration.ofMillis(50);

  private static final double QUANTILE = 0.25;
  private static final double STEP = 0.05;

  private long nanos;

  UsualDuration(Duration first) {
    nanos = first.toNanos();
  }

  void add(long took) {
    double factor = took < nanos ? 1 - STEP * (1 - QUANTILE) : 1 + STEP * QUANTILE;
    long next = Math.round(nanos * factor);
    nanos = Math.max(LEAST.toNanos(), Math.min(MOST.toNanos(), next));
  }

  long nanos() {
    return nanos;
  }
}
