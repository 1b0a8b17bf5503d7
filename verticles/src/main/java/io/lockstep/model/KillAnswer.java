package io.lockstep.model;

/** What one node made of {@link KillAsked}. */
public enum KillAnswer {
  /** The session was here and has been told. */
  DONE(1),
  /** No session of this id is here. */
  UNKNOWN(2),
  /** The session is here and another user's. */
  NOT_OWNER(3);

  private final int code;

  KillAnswer(int code) {
    this.code = code;
  }

  /** The number that stands for this answer in a message; never reused. */
  public int code() {
    return code;
  }

  /**
   * The answer of a number read from a message.
   *
   * @throws IllegalArgumentException for a number that no version has written
   */
  public static KillAnswer of(int code) {
    for (KillAnswer answer : values()) {
      if (answer.code == code) {
        return answer;
      }
    }
    throw new IllegalArgumentException("no answer to KILL has the code " + code);
  }
}
