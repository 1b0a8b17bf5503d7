package io.lockstep.gateway;

/** A session cannot go on; its connection is to be closed. */
final class SessionLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SessionLostException(String why) {
    super(why, null, false, false);
  }
}
