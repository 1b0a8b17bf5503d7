package io.lockstep.applier;

import io.lockstep.model.Position;

/** The database lost what it had said was on its disk: the node must start anew. */
public final class DatabaseFellBackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseFellBackException(Position found) {
    super("the database came back at seq " + found.seq() + ", before what it had made durable");
  }
}
