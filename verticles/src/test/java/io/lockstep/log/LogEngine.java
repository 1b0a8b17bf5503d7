package io.lockstep.log;

import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Three members of one ordered log, as {@link OrderedLogContract} drives them. Built with all
 * members started.
 */
public interface LogEngine extends AutoCloseable {
  List<NodeId> nodes();

  OrderedLog log(NodeId node);

  /** What the listener of the node's present life was told. */
  HeardLeadership heard(NodeId node);

  /** Returns when this node leads and its listener knows; other members must be able to vote. */
  void elect(NodeId node);

  /** Ends the member as a kill of its process would. */
  void kill(NodeId node);

  /**
   * Starts a killed or closed member on what it has on disk; returns without waiting for a leader.
   */
  void start(NodeId node);

  /** The result, or what the future failed with, thrown as it is. Waits at most some seconds. */
  <T> T await(Future<T> future);

  /** Gives everything that could still happen the time to happen. */
  void settle();

  @Override
  void close();
}
