package io.lockstep.sequencer;

import io.lockstep.model.NodeId;
import io.lockstep.model.Sequenced;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Promise;

/** A proposal that has not been answered. */
record Waiting(Write write, long bytes, Promise<Sequenced> answer) {
  private static final int FIXED_BYTES = 128;

  /** A write for another master is another proposal: its outcome is told by another node. */
  record Key(WriteId id, NodeId master) {}

  static Waiting of(Write write) {
    return new Waiting(write, FIXED_BYTES + write.bytes(), Promise.promise());
  }

  Key key() {
    return new Key(write.id(), write.master());
  }
}
