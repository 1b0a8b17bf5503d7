package io.lockstep.model;

import java.util.List;

/**
 * Connections whose open transactions hold what a node's applier waits for. Their sessions are
 * asked to roll their branches back; they can run them again behind the applier.
 *
 * @param node whose database it is
 * @param connections their ids there
 */
public record InTheWay(NodeId node, List<Long> connections) {
  public static final int CONNECTIONS_MAX = 10_000;

  public InTheWay {
    connections = List.copyOf(connections);
    Require.that(connections.size() <= CONNECTIONS_MAX, "at most 10000 connections are named");
  }
}
