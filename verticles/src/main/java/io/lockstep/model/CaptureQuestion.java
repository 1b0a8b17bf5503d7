package io.lockstep.model;

/**
 * Asks a node what a branch has changed that was prepared at its database.
 *
 * @param sincePrepareMs the branch was prepared so long before the question, or later
 */
public record CaptureQuestion(BranchId branch, long sincePrepareMs) {
  public CaptureQuestion {
    Require.that(sincePrepareMs >= 0, "time does not run backwards");
  }
}
