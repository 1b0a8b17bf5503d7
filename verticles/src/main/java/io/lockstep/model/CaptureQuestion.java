package io.lockstep.model;

/**
 * Asks a node what a branch has changed that was prepared at its database.
 *
 * @param sincePrepareMs no longer before it asked can the branch have been prepared
 */
public record CaptureQuestion(BranchId branch, long sincePrepareMs) {
  public CaptureQuestion {
    Require.that(sincePrepareMs >= 0, "time does not run backwards");
  }
}
