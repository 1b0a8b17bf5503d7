package io.lockstep.runtime;

import io.lockstep.runtime.config.NodeConfig;
import io.vertx.core.Future;

/** Brings up one node in this process. */
public interface NodeRunner {
  /** A node that is up. */
  interface Running {
    /**
     * Completes when the node has ended without being asked to; fails with the reason when it
     * stopped itself, because to go on would have been wrong.
     */
    Future<Void> ended();

    /** Ends the node in good order: its gateways, its part in the cluster, its database. */
    Future<Void> stop();
  }

  /** Completes when all stages are up; whether the node serves yet is told by {@code /readyz}. */
  Future<Running> start(NodeConfig config);
}
