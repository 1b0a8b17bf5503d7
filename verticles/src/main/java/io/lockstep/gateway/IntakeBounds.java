package io.lockstep.gateway;

import io.lockstep.model.Require;
import java.time.Duration;

/**
 * How long and how often the intake tries.
 *
 * @param answerWithin the wait for a sequencer's answer to one proposal
 * @param outcomeWithin the first wait for an outcome before the same write is proposed again; it
 *     doubles up to {@code outcomeWithinMax}
 * @param backoffMin the first pause after a refusal; it doubles up to {@code backoffMax}
 * @param placeWithin how long a write may go without a known place in the log
 * @param finishWithin how long a write that has a place may go without an outcome: as long as the
 *     longest statement (an ALTER of a large table) may take
 * @param inFlightMax writes under way at once
 */
public record IntakeBounds(
    Duration answerWithin,
    Duration outcomeWithin,
    Duration outcomeWithinMax,
    Duration backoffMin,
    Duration backoffMax,
    Duration placeWithin,
    Duration finishWithin,
    int inFlightMax) {
  public static final IntakeBounds DEFAULT =
      new IntakeBounds(
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(16),
          Duration.ofMillis(10),
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          Duration.ofMinutes(60),
          16_384);

  public IntakeBounds {
    Require.that(!backoffMin.isNegative() && !backoffMin.isZero(), "a backoff takes time");
    Require.that(backoffMax.compareTo(backoffMin) >= 0, "the longest backoff is the longest");
    Require.that(outcomeWithinMax.compareTo(outcomeWithin) >= 0, "the longest wait is the longest");
    Require.that(inFlightMax > 0, "an intake takes at least one write");
  }
}
