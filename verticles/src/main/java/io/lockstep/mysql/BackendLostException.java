package io.lockstep.mysql;

/**
 * The connection to the database ended before the answer was complete: what became of the statement
 * is unknown.
 */
public final class BackendLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackendLostException(String why) {
    super(why);
  }

  public BackendLostException(String why, Throwable cause) {
    super(why, cause);
  }
}
