package io.lockstep.log;

import io.lockstep.model.NodeId;

/** What the in-memory engine runs in: a network that may lose and delay, and slow disks. */
public interface Surroundings {
  /** Carries one message: runs {@code arrival} now, later, more than once, or never. */
  void carry(NodeId from, NodeId to, Runnable arrival);

  /**
   * Runs {@code done} once the disk of {@code node} has written. Never runs it in the same call.
   */
  void flush(NodeId node, Runnable done);
}
