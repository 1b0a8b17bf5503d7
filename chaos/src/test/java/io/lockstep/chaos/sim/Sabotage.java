package io.lockstep.chaos.sim;

/**
 * Deliberate faults, each in the simulation's own parts and wrappers, to see that the laws notice.
 */
enum Sabotage {
  NONE,
  /** A write that comes up again in the log is shown to the appliers as a new one. */
  SKIP_DEDUP,
  /** An append of a deposed leader is accepted in the reign of its successor. */
  SKIP_FENCE,
  /** Appliers read, apply and acknowledge entries that are not committed. */
  ACKNOWLEDGE_BEFORE_COMMIT,
  /** A database executes neighbouring writes in the wrong order. */
  APPLY_OUT_OF_ORDER,
  /** A proposal that is made again gets another write id. */
  NEW_ID_FOR_A_REPETITION,
  /** A client whose write has an unknown fate is told that it failed. */
  CALL_UNKNOWN_FAILED,
  /** A crash takes entries away that the disk had called written. */
  LOSE_SYNCED_ENTRIES,
  /** A database stores its position apart from the writes. */
  POSITION_APART_FROM_WRITES,
  /** A failed append does not interrupt the term: the next one takes the following places. */
  SKIP_INTERRUPTION
}
