package io.lockstep.gateway;

/** A write has no form in text that has the same effect on every node. */
final class RowsNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RowsNeededException(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
