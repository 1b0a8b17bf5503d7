package io.lockstep.model;

/** Names one write for ever: its session and the session's own counter, which only ascends. */
public record WriteId(SessionId session, long counter) {
  public WriteId {
    Require.that(counter > 0, "a write counter starts at 1, was " + counter);
  }

  @Override
  public String toString() {
    return session + ":" + counter;
  }
}
