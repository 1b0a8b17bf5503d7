package io.lockstep.gateway;

import java.util.Locale;
import java.util.Optional;

/** The isolation levels of SQL, as the server spells them. */
enum Isolation {
  READ_UNCOMMITTED,
  READ_COMMITTED,
  REPEATABLE_READ,
  SERIALIZABLE;

  /** Reads {@code REPEATABLE-READ} or {@code REPEATABLE READ}, in any case. */
  static Optional<Isolation> of(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT).replaceAll("[-\\s]+", "_");
    for (Isolation level : values()) {
      if (level.name().equals(name)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /**
   * The level that a branch runs at. Serialisable transactions read a snapshot and take no shared
   * locks at their master, which would exclude nobody elsewhere: all that they read is compared
   * when they commit.
   */
  Isolation ofBranch() {
    return this == SERIALIZABLE ? REPEATABLE_READ : this;
  }

  /** Whether all plain reads of a transaction see one state. */
  boolean keepsSnapshot() {
    return this == REPEATABLE_READ || this == SERIALIZABLE;
  }

  String sql() {
    return name().replace('_', ' ');
  }
}
