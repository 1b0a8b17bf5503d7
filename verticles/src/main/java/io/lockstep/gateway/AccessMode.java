package io.lockstep.gateway;

import io.lockstep.sql.Assignment;
import java.util.Optional;

/**
 * Which of a session's transactions only read, as SET TRANSACTION and {@code tx_read_only} say: all
 * that follow, or the next one alone. One that is open keeps the mode in which it began (MariaDB
 * Knowledge Base, SET TRANSACTION). Lives on the session's context.
 */
final class AccessMode {
  private boolean usual;
  private Optional<Boolean> next = Optional.empty();

  /** The mode of the next transaction. */
  boolean readOnly() {
    return next.orElse(usual);
  }

  /** What {@code @@SESSION.tx_read_only} says. */
  boolean usual() {
    return usual;
  }

  void set(boolean readOnly, Assignment.Scope scope) {
    if (scope == Assignment.Scope.NEXT) {
      next = Optional.of(readOnly);
    } else {
      usual = readOnly;
      next = Optional.empty();
    }
  }

  /** The next transaction has begun, or was one statement and is over. */
  void used() {
    next = Optional.empty();
  }

  void reset() {
    usual = false;
    next = Optional.empty();
  }
}
