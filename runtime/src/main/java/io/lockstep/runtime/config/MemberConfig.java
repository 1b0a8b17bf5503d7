package io.lockstep.runtime.config;

import io.lockstep.model.NodeId;

/**
 * One configured node of the cluster and where the others reach it. The same list, in the same
 * order, is in every node's file.
 *
 * @param clusterPort of the group membership (JGroups)
 * @param busPort of the event bus
 * @param logPort of the ordered log
 */
public record MemberConfig(NodeId node, String host, int clusterPort, int busPort, int logPort) {
  public static final int CLUSTER_PORT_DEFAULT = 7800;

  /** The one that many above it is used as well, by which members see each other's death. */
  public static final int CLUSTER_PORT_OFFSET = 10_000;

  public static final int CLUSTER_PORT_MAX = 65_535 - CLUSTER_PORT_OFFSET;
  public static final int BUS_PORT_DEFAULT = 7810;
  public static final int LOG_PORT_DEFAULT = 7820;

  static MemberConfig read(ConfigSection section) {
    return new MemberConfig(
        NodeConfig.nodeId(section.text("node")),
        section.text("host"),
        (int) section.number("cluster-port", CLUSTER_PORT_DEFAULT, 1, CLUSTER_PORT_MAX),
        section.port("bus-port", BUS_PORT_DEFAULT),
        section.port("log-port", LOG_PORT_DEFAULT));
  }
}
