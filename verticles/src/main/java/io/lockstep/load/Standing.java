package io.lockstep.load;

import io.lockstep.model.Require;
import java.util.List;

/**
 * Whether a node takes sessions.
 *
 * @param draining it hands its sessions over and takes no new ones
 * @param notServing why it does not serve, in words for the operator; empty when it serves
 */
public record Standing(boolean draining, List<String> notServing) {
  public static final Standing SERVING = new Standing(false, List.of());
  public static final int REASONS_MAX = 16;
  public static final int REASON_LENGTH_MAX = 500;

  public Standing {
    notServing = List.copyOf(notServing);
    Require.that(notServing.size() <= REASONS_MAX, "a node names at most 16 reasons");
    notServing.forEach(
        reason ->
            Require.that(
                !reason.isEmpty() && reason.length() <= REASON_LENGTH_MAX,
                "a reason has 1 to 500 characters"));
  }

  /** A node that does not serve, and why. */
  public static Standing notServing(String reason) {
    return new Standing(false, List.of(reason));
  }

  public boolean serving() {
    return notServing.isEmpty();
  }
}
