package io.lockstep.model;

/**
 * Asks a node what a branch has changed that was prepared at its database.
 *
 * @param sincePrepareMs how long ago the asker sent XA PREPARE, at least
 */
public record CaptureQuestion(BranchId branch, long sincePrepareMs) {
  public CaptureQuestion {
    Require.that(sincePrepareMs >= 0, "time does not run backwards");
  }
}
