package io.lockstep.mysql;

import io.lockstep.model.MySqlError;

/** The database answered the login, or a preparation, with an error of its own. */
public final class BackendRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient MySqlError error;

  public BackendRefusedException(MySqlError error) {
    super(error.code() + " " + error.message());
    this.error = error;
  }

  public MySqlError error() {
    return error;
  }
}
