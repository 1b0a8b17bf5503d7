package io.lockstep.gateway;

/**
 * A write could not be ordered within its bound, and no node ever took it into the log: certainly
 * nothing was written, so it is safe to try again.
 */
public final class NotWrittenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotWrittenException(String message) {
    super(message, null, false, false);
  }
}
