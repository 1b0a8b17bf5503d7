package io.lockstep.chaos.history;

/**
 * Why one transaction comes before another in every order that explains the history.
 *
 * @param kind what is between the two
 * @param from where the dependency leaves its transaction
 * @param to where it enters the other one
 */
record Dependency(Kind kind, Moment from, Moment to, String reason) {
  /** The kinds of dependencies (Adya 1999), and the order of a session's own transactions. */
  enum Kind {
    /** The other overwrites what the one wrote. */
    WRITE_WRITE,
    /** The other reads what the one wrote. */
    WRITE_READ,
    /** The other overwrites what the one read. */
    READ_WRITE,
    /** The other is later in the same session. */
    SESSION,
    /** A transaction's snapshot is older than its commit. */
    WITHIN
  }

  /**
   * A transaction's snapshot or its commit. InnoDB's REPEATABLE READ has both; where all that a
   * transaction does happens at one moment, that is its commit.
   */
  record Moment(Transaction transaction, boolean snapshot) {}

  Dependency merged() {
    return new Dependency(
        kind, new Moment(from.transaction(), false), new Moment(to.transaction(), false), reason);
  }

  boolean isWithinOne() {
    return from.transaction().equals(to.transaction());
  }

  @Override
  public String toString() {
    return from.transaction().name() + " before " + to.transaction().name() + ": " + reason;
  }
}
