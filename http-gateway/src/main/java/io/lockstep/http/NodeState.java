package io.lockstep.http;

import io.lockstep.load.Standing;
import io.lockstep.model.NodeId;
import java.util.List;

/** What the HTTP gateway tells about the node it belongs to. Answers at once, on any thread. */
public interface NodeState {
  NodeId node();

  /** The version of the software. */
  String version();

  /** Every node of the cluster, as configured. */
  List<NodeId> configured();

  /** Whether this node serves, as of now. */
  Standing standing();

  /**
   * The same for its gateway alone: while the node's own database is started again, others serve
   * its sessions, and who is to sign in or to be analysed waits.
   */
  Standing gateway();
}
