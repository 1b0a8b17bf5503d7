package io.lockstep.mysql.binlog;

/** A row holds a value in a form that is not read here; the same on every node. */
public final class UnreadableRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnreadableRowException(String what) {
    super(what);
  }
}
