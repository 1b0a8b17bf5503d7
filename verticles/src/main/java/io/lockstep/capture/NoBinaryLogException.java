package io.lockstep.capture;

/** The database keeps no binary log, so no branch's rows will ever be known here. */
final class NoBinaryLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoBinaryLogException() {
    super(
        "changes that are ordered as rows at a database without a binary log;"
            + " its operator starts it with log_bin");
  }
}
