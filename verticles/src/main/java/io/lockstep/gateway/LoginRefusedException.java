package io.lockstep.gateway;

import io.lockstep.model.MySqlError;

/** A client did not get in. */
final class LoginRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient MySqlError error;
  private final int sequence;

  LoginRefusedException(MySqlError error, int sequence) {
    super(error.message(), null, false, false);
    this.error = error;
    this.sequence = sequence;
  }

  MySqlError error() {
    return error;
  }

  /** The sequence id of the packet that tells the client. */
  int sequence() {
    return sequence;
  }
}
