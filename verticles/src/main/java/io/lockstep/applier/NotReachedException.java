package io.lockstep.applier;

/** The node's database is not as far as the asker needs, within the asker's bound. */
public final class NotReachedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotReachedException(String message) {
    super(message);
  }
}
