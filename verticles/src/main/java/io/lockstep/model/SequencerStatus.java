package io.lockstep.model;

/**
 * What a node's sequencer says of itself.
 *
 * @param role following, catching up or leading
 * @param last the last seq it stamped or found in the log when it was elected; 0 when it follows
 * @param queuedWrites proposals that wait for an append
 * @param appendsInFlight entries handed to the log whose fate is open
 */
public record SequencerStatus(
    NodeId node, Role role, Term term, Seq last, int queuedWrites, int appendsInFlight) {
  /** The role by name. */
  public enum Role {
    FOLLOWING(1),
    CATCHING_UP(2),
    LEADING(3);

    private final int code;

    Role(int code) {
      this.code = code;
    }

    /** The number that stands for this role in a message; never reused. */
    public int code() {
      return code;
    }

    /**
     * The role of a number read from a message.
     *
     * @throws IllegalArgumentException for a number that no version has written
     */
    public static Role of(int code) {
      for (Role role : values()) {
        if (role.code == code) {
          return role;
        }
      }
      throw new IllegalArgumentException("no sequencer role has the code " + code);
    }
  }

  public SequencerStatus {
    Require.that(queuedWrites >= 0 && appendsInFlight >= 0, "nothing is queued less than no times");
  }
}
