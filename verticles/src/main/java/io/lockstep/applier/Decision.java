package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.LastWrite;
import io.lockstep.model.Outcome;
import io.lockstep.model.Outcome.Refused.Reason;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import java.util.Optional;

/** What is to be done with the write at a place: a function of the log alone (invariant I2). */
enum Decision {
  /** Its outcome is the one of its first coming. */
  REPEATED,
  /** A later write of its session was applied: nobody waits for this one any more. */
  SUPERSEDED,
  /** Another request was applied under its idempotency key. */
  KEY_REUSED,
  /** Too old to know whether it was applied before. */
  EXPIRED,
  /** Definitions changed after it was analysed. */
  STALE,
  CHECKPOINT,
  ALONE,
  TOGETHER;

  static Decision of(Write write, Seq seq, Draft draft) {
    Optional<LastWrite> last = draft.lastWrite(write.id().session(), seq);
    if (last.isPresent() && write.id().counter() == last.get().counter()) {
      return REPEATED;
    }
    if (last.isPresent() && write.id().session().isKeyed()) {
      return KEY_REUSED;
    }
    if (last.isPresent() && write.id().counter() < last.get().counter()) {
      return SUPERSEDED;
    }
    if (last.isEmpty() && expired(write, seq)) {
      return EXPIRED;
    }
    return write.kind() == WriteKind.CHECKPOINT ? CHECKPOINT : byDefinitions(write, seq, draft);
  }

  /**
   * A first coming that is forgotten lies at or before {@code seq - DEDUP_WINDOW}, and its basis
   * before that.
   */
  private static boolean expired(Write write, Seq seq) {
    return write.basis().value() + ReplicatedState.DEDUP_WINDOW < seq.value();
  }

  private static Decision byDefinitions(Write write, Seq seq, Draft draft) {
    if (draft.isStale(write, seq)) {
      return STALE;
    }
    return write.kind().commitsByItself() ? ALONE : TOGETHER;
  }

  /** Whether the order itself is the outcome's author. */
  Optional<Outcome> outcome() {
    return switch (this) {
      case SUPERSEDED, EXPIRED -> Optional.of(new Outcome.Refused(Reason.EXPIRED));
      case STALE -> Optional.of(new Outcome.Refused(Reason.STALE));
      case KEY_REUSED -> Optional.of(new Outcome.Refused(Reason.KEY_REUSED));
      case CHECKPOINT -> Optional.of(Outcome.Done.ok());
      case REPEATED, ALONE, TOGETHER -> Optional.empty();
    };
  }

  /**
   * Whether this coming is the one by which the write is known from now on. A stale one is not: the
   * write may come again under the same id, analysed anew.
   */
  boolean isFirstComing() {
    return switch (this) {
      case EXPIRED, CHECKPOINT, ALONE, TOGETHER -> true;
      case REPEATED, SUPERSEDED, KEY_REUSED, STALE -> false;
    };
  }
}
