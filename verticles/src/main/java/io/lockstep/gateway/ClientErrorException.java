package io.lockstep.gateway;

import io.lockstep.model.MySqlError;

/** A request that is answered with an error; it changed nothing, unless its text says otherwise. */
public final class ClientErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient MySqlError error;

  public ClientErrorException(MySqlError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  public MySqlError error() {
    return error;
  }
}
