package io.lockstep.bus;

import io.lockstep.model.NodeId;

/** Why a question got no answer. */
public final class BusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known about the question. */
  public enum Reason {
    /** Nobody answers there: the question certainly reached no stage. */
    NOBODY_THERE,
    /**
     * No answer within the time, or the node is gone; it may or may not have been delivered and
     * acted upon.
     */
    NO_ANSWER,
    /** The other side failed while it worked on it, or refused its form. */
    FAILED_THERE,
    /** The answer is not what the route says. */
    MALFORMED_ANSWER
  }

  private final Reason reason;

  public BusException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A node that left the group before it answered. */
  BusException(Reason reason, NodeId gone) {
    super(gone + " left the group");
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
