package io.lockstep.chaos.history;

/** The isolation levels that histories are judged at. */
public enum Level {
  /** InnoDB's: plain reads see one snapshot; writes and locking reads see what is committed. */
  REPEATABLE_READ,
  /** One order explains everything, and keeps each session's own. */
  SERIALIZABLE;

  public String sql() {
    return name().replace('_', ' ');
  }
}
