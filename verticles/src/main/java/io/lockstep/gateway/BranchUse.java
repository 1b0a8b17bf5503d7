package io.lockstep.gateway;

/** What a statement needs of the branch that its transaction runs in. */
enum BranchUse {
  /** It reads what the transaction's other plain reads have read. */
  SNAPSHOT,
  /** It writes, or locks what it reads, and so meets the rows of now. */
  LATEST,
  /** The same, and whatever else it reads is compared with nothing. */
  CAPTURED;

  /**
   * Whether plain reads that a lost branch took along are repeated before it: also before the first
   * statement whose rows are captured, as nothing can be repeated behind that.
   *
   * @param complete whether everything so far can be repeated
   */
  boolean repeatsReads(boolean complete) {
    return this == SNAPSHOT || (this == CAPTURED && complete);
  }
}
