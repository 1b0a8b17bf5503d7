package io.lockstep.gateway;

import io.lockstep.sql.Reach;
import java.util.OptionalInt;

/**
 * Where in a {@link Journal} the first step is that locks, and the first plain read of a table:
 * with that one InnoDB takes the snapshot that a transaction's plain reads see (MariaDB Knowledge
 * Base, InnoDB consistent reads). Lives on its session's context.
 */
final class FirstSteps {
  private OptionalInt lock = OptionalInt.empty();
  private OptionalInt read = OptionalInt.empty();

  /** A step was answered, behind so many. */
  void note(Journal.Kind kind, Reach reach, int size) {
    if (kind.locks() && lock.isEmpty()) {
      lock = OptionalInt.of(size);
    }
    if (kind == Journal.Kind.READ && !reach.isNone() && read.isEmpty()) {
      read = OptionalInt.of(size);
    }
  }

  /** Whether what comes next reads, uncompared, a state that is younger than locks before it. */
  boolean looksBehindLocks(BranchUse use, Isolation level) {
    boolean reads =
        switch (use) {
          case SNAPSHOT -> !(level.keepsSnapshot() && read.isPresent());
          case CAPTURED -> true;
          case LATEST -> false;
        };
    return reads && lock.isPresent();
  }

  /** From where on plain reads saw a state that was younger than the first lock; empty for none. */
  OptionalInt readUnderLock(Isolation level) {
    boolean older = level.keepsSnapshot() && read.orElse(Integer.MAX_VALUE) < lock.orElse(0);
    return older ? OptionalInt.empty() : lock;
  }

  /** Whether a snapshot has been read, and nothing locked: its branch is in nobody's way. */
  boolean onlyRead() {
    return read.isPresent() && lock.isEmpty();
  }

  void clear() {
    lock = OptionalInt.empty();
    read = OptionalInt.empty();
  }
}
