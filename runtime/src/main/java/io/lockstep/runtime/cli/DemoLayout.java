package io.lockstep.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lockstep.runtime.config.MemberConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folders, ports and files of a demo. The same options give the same ports, so that a second
 * start finds its data.
 */
final class DemoLayout {
  static final int NODES_MAX = 9;
  private static final String HOST = "127.0.0.1";

  /** Each kind of port has ten numbers, counted from the MySQL port. */
  private static final int PORTS_PER_KIND = 10;

  /** MySQL, database, cluster, bus, log. */
  private static final int KINDS = 5;

  /** So that the port of the group's failure detection, far above the others, exists. */
  private static final int PORT_MAX = MemberConfig.CLUSTER_PORT_MAX;

  private final Path folder;
  private final List<DemoNode> nodes;

  DemoLayout(Path folder, int count, int mysqlPort, int httpPort) {
    this.folder = folder.toAbsolutePath().normalize();
    if (count < 1 || count > NODES_MAX) {
      throw new CommandFailure(
          ExitCodes.REFUSED, "--nodes must be 1 to " + NODES_MAX + ", was " + count);
    }
    requirePorts("--mysql-port", mysqlPort, KINDS * PORTS_PER_KIND);
    requirePorts("--http-port", httpPort, PORTS_PER_KIND);
    requireApart(mysqlPort, httpPort, count);
    var list = new ArrayList<DemoNode>();
    for (int index = 0; index < count; index++) {
      list.add(node(index, mysqlPort + index, httpPort + index));
    }
    this.nodes = List.copyOf(list);
  }

  private static void requireApart(int mysqlPort, int httpPort, int count) {
    for (int kind = 0; kind < KINDS; kind++) {
      int first = mysqlPort + kind * PORTS_PER_KIND;
      if (httpPort < first + count && first < httpPort + count) {
        throw new CommandFailure(
            ExitCodes.REFUSED,
            "--http-port "
                + httpPort
                + " is among the nodes' other ports, which are counted from --mysql-port: choose"
                + " one below "
                + mysqlPort
                + " or above "
                + (mysqlPort + KINDS * PORTS_PER_KIND - 1));
      }
    }
  }

  private DemoNode node(int index, int mysqlPort, int httpPort) {
    return new DemoNode(
        "n" + (index + 1),
        folder.resolve("node" + (index + 1)),
        mysqlPort,
        httpPort,
        mysqlPort + PORTS_PER_KIND,
        mysqlPort + 2 * PORTS_PER_KIND,
        mysqlPort + 3 * PORTS_PER_KIND,
        mysqlPort + 4 * PORTS_PER_KIND);
  }

  Path folder() {
    return folder;
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  /** A cluster's size is part of its data, so a start with another one is refused. */
  void requireSameSize() {
    int there = 0;
    while (there < NODES_MAX && Files.exists(folder.resolve("node" + (there + 1)))) {
      there++;
    }
    if (there != 0 && there != nodes.size()) {
      throw new CommandFailure(
          ExitCodes.REFUSED,
          "%s holds a cluster of %d nodes: start it with --nodes %d, or name another --data"
              .formatted(folder, there, there));
    }
  }

  /** Writes every node's configuration. */
  void write(Optional<Path> mariadbd, Optional<Path> defaultsFile) {
    for (var node : nodes) {
      try {
        Files.createDirectories(node.home());
        Files.writeString(node.config(), yaml(node, mariadbd, defaultsFile));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + node.config(), e);
      }
    }
  }

  private String yaml(DemoNode node, Optional<Path> mariadbd, Optional<Path> defaultsFile)
      throws JsonProcessingException {
    var root = JsonNodeFactory.instance.objectNode();
    root.put("node", node.name()).put("data", ".");
    var members = root.putObject("cluster").putArray("members");
    nodes.forEach(member -> members.add(member(member)));
    root.putObject("mysql").put("host", HOST).put("port", node.mysqlPort());
    root.putObject("http").put("host", HOST).put("port", node.httpPort());
    var owned = root.putObject("database").put("kind", "owned").putObject("owned");
    owned.put("host", HOST).put("port", node.databasePort());
    mariadbd.ifPresent(path -> owned.put("mariadbd", path.toAbsolutePath().toString()));
    defaultsFile.ifPresent(path -> owned.put("defaults-file", path.toAbsolutePath().toString()));
    root.putObject("logging").put("file", "node.log");
    return "# Written by lockstep demo at each start. conf/node.yaml explains every key.\n"
        + YAMLMapper.builder(new YAMLFactory()).build().writeValueAsString(root);
  }

  private static ObjectNode member(DemoNode node) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("node", node.name())
        .put("host", HOST)
        .put("cluster-port", node.clusterPort())
        .put("bus-port", node.busPort())
        .put("log-port", node.logPort());
  }

  private static void requirePorts(String option, int first, int count) {
    if (first < 1 || first + count > PORT_MAX) {
      throw new CommandFailure(
          ExitCodes.REFUSED,
          "%s must leave %d ports above it and be 1 to %d, was %d"
              .formatted(option, count, PORT_MAX - count, first));
    }
  }
}
