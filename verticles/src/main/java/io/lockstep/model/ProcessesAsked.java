package io.lockstep.model;

import java.util.Optional;

/**
 * A question for a node's client sessions.
 *
 * @param user whose sessions; everybody's when empty
 * @param infoLengthMax to how many characters statements are cut
 */
public record ProcessesAsked(Optional<String> user, int infoLengthMax) {
  public ProcessesAsked {
    Require.that(
        infoLengthMax >= 0 && infoLengthMax <= ClientProcess.INFO_LENGTH_MAX,
        "a statement is told up to 16384 characters");
  }
}
