package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.runtime.log.LogPeer;

/**
 * One configured node and where the others reach it. All three ports are on {@code host}.
 *
 * @param clusterPort of the group membership (JGroups)
 * @param busPort of the event bus
 * @param logPort of the ordered log
 */
public record Member(NodeId node, String host, int clusterPort, int busPort, int logPort) {
  public Member {
    Require.that(!host.isEmpty(), "a member has a host");
    requirePort(clusterPort);
    requirePort(busPort);
    requirePort(logPort);
  }

  private static void requirePort(int port) {
    Require.that(port > 0 && port < 65_536, "a port is 1 to 65535, was " + port);
  }

  LogPeer logPeer() {
    return new LogPeer(node, host, logPort);
  }
}
