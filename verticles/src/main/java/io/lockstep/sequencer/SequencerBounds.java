package io.lockstep.sequencer;

import io.lockstep.model.LogEntry;
import io.lockstep.model.Require;
import java.time.Duration;

/**
 * The sequencer's limits.
 *
 * @param queueWritesMax proposals that wait for an append; one more is answered with full
 * @param queueBytesMax their bytes, counted when at least one waits already
 * @param entryWritesMax writes that share one log entry
 * @param entryBytesMax their bytes; a write that is longer has an entry of its own
 * @param appendsInFlightMax entries handed to the log whose fate is open: few, because what arrives
 *     meanwhile shares the next entry, and entries are dear
 * @param gatherMax how long proposals wait for company at most
 * @param retryAfter the pause before the log is asked again where its end is
 * @param attemptsMax how often it is asked before the log counts as broken
 */
public record SequencerBounds(
    int queueWritesMax,
    long queueBytesMax,
    int entryWritesMax,
    long entryBytesMax,
    int appendsInFlightMax,
    Duration gatherMax,
    Duration retryAfter,
    int attemptsMax) {
  public static final SequencerBounds DEFAULT =
      new SequencerBounds(
          4_096,
          256L << 20,
          LogEntry.WRITES_MAX,
          1L << 20,
          2,
          Duration.ofMillis(60),
          Duration.ofMillis(200),
          50);

  public SequencerBounds {
    Require.that(queueWritesMax > 0, "the queue holds at least one write");
    Require.that(queueBytesMax > 0, "the queue holds at least one byte");
    Require.that(
        entryWritesMax > 0 && entryWritesMax <= LogEntry.WRITES_MAX,
        "an entry holds 1 to " + LogEntry.WRITES_MAX + " writes");
    Require.that(entryBytesMax > 0, "an entry holds at least one byte");
    Require.that(appendsInFlightMax > 0, "at least one append is under way");
    Require.that(!gatherMax.isNegative(), "proposals cannot wait a negative time");
    Require.that(attemptsMax > 0, "the log is asked at least once");
  }
}
