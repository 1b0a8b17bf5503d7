package io.lockstep.chaos.history;

/** What a client was told of its transaction's end. */
public enum Fate {
  /** COMMIT was answered with OK. */
  COMMITTED,
  /** Nothing happened: an error, or a connection that was lost before COMMIT was sent. */
  ABORTED,
  /** The connection was lost while COMMIT was under way. */
  UNKNOWN
}
