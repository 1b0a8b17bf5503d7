package io.lockstep.gateway;

import io.lockstep.model.WriteId;

/**
 * The bound was reached before it became known what a write did (invariant I4): it may or may not
 * be applied. The client's connection is to be closed; it must not be told that nothing happened.
 */
public final class OutcomeUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient WriteId id;

  public OutcomeUnknownException(WriteId id, String message) {
    super(message, null, false, false);
    this.id = id;
  }

  /** Names the write, to ask the log about it later. */
  public WriteId id() {
    return id;
  }
}
