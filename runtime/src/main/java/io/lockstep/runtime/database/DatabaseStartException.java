package io.lockstep.runtime.database;

/** The node's database cannot be used. The text says why and what to do, for an operator. */
public final class DatabaseStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseStartException(String message) {
    super(message);
  }

  public DatabaseStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
