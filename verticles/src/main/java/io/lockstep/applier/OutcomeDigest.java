package io.lockstep.applier;

import io.lockstep.model.Outcome;
import io.lockstep.model.RowErrors;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;

/**
 * The chain of what every write did, in 64 bits (invariant I7): two nodes that disagree about one
 * outcome disagree about every later digest. Not meant to resist an attacker.
 */
final class OutcomeDigest {
  private static final int DONE = 1;
  private static final int FAILED = 2;
  private static final int REFUSED = 3;
  private static final int REPEATED = 4;

  private OutcomeDigest() {}

  /** A write that was decided or executed at this place. */
  static long after(long digest, Seq seq, Write write, Outcome outcome) {
    long placed = mix(digest, seq.value());
    return outcome.fold(
        done -> done(placed, write, done),
        failed -> mix(mix(placed, FAILED), RowErrors.kind(failed.code())),
        refused -> mix(mix(placed, REFUSED), refused.reason().name().hashCode()));
  }

  /** A write that had been applied before. */
  static long afterRepetition(long digest, Seq seq) {
    return mix(mix(digest, seq.value()), REPEATED);
  }

  /**
   * A definition change that a crash interrupted is recognised by its effect, and its row counts
   * are gone; so for these only the fact counts, on every node. Warnings never count: a newer
   * server deprecates what an older one does not.
   */
  private static long done(long placed, Write write, Outcome.Done done) {
    long fact = mix(placed, DONE);
    return write.kind().commitsByItself()
        ? fact
        : mix(mix(fact, done.affected()), done.lastInsertId());
  }

  /** SplitMix64's finaliser over the sum. */
  private static long mix(long digest, long value) {
    long z = digest * 31 + value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
