package io.lockstep.runtime.cli;

import io.lockstep.runtime.config.MemberConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/** Finds out before a start which ports of a demo are somebody else's. */
final class PortCheck {
  private PortCheck() {}

  /** Fails with all ports that are in use. */
  static void requireFree(List<DemoNode> nodes) {
    var taken = taken(nodes);
    if (!taken.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.REFUSED,
          "These ports are in use: "
              + String.join(", ", taken)
              + ". End what uses them, or choose others with --mysql-port and --http-port.");
    }
  }

  /** Each port that is in use, and for what it is wanted. */
  static List<String> taken(List<DemoNode> nodes) {
    return nodes.stream()
        .flatMap(
            node ->
                Stream.of(
                    port("MySQL", node, node.mysqlPort()),
                    port("HTTP", node, node.httpPort()),
                    port("database", node, node.databasePort()),
                    port("cluster", node, node.clusterPort()),
                    port(
                        "death watch", node, node.clusterPort() + MemberConfig.CLUSTER_PORT_OFFSET),
                    port("bus", node, node.busPort()),
                    port("log", node, node.logPort())))
        .filter(port -> !free(port.number()))
        .map(port -> port.number() + " (" + port.use() + " of " + port.node() + ")")
        .toList();
  }

  private record Port(String use, String node, int number) {}

  private static Port port(String use, DemoNode node, int number) {
    return new Port(use, node.name(), number);
  }

  private static boolean free(int port) {
    try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }
}
