package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import java.util.Optional;

/** The database failed while it stored something: only its position tells whether it did. */
final class UnknownCommitException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Optional<Bookkeeping> stored;

  UnknownCommitException(Optional<Bookkeeping> stored, Throwable cause) {
    super("nobody knows whether the database stored the batch: " + cause, cause);
    this.stored = stored;
  }

  /** What would be stored, where that is known. */
  Optional<Bookkeeping> stored() {
    return stored;
  }
}
