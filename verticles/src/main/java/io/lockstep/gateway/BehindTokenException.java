package io.lockstep.gateway;

import io.lockstep.model.Seq;

/**
 * The database that serves the request did not reach its consistency token within the bound;
 * nothing was read or written.
 */
public final class BehindTokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Seq token;

  public BehindTokenException(Seq token, Seq applied, Throwable cause) {
    super(
        "the database has applied " + applied + " and did not reach " + token + " in time",
        cause,
        false,
        false);
    this.token = token;
  }

  /** What the request asked for. */
  public Seq token() {
    return token;
  }
}
