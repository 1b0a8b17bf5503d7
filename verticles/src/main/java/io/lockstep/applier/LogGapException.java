package io.lockstep.applier;

import io.lockstep.model.Seq;

/** The log's stamps are not contiguous: nothing after the gap may be applied, the node stops. */
public final class LogGapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogGapException(Seq expected, Seq found) {
    super("the ordered log goes on with seq " + found + " where " + expected + " must follow");
  }
}
