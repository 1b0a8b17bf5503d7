package io.lockstep.runtime.config;

import io.lockstep.model.NodeId;
import java.nio.file.Path;

/**
 * Everything that an operator decides about one node.
 *
 * @param data the folder of this node: its log and, if owned, its database
 */
public record NodeConfig(
    NodeId node,
    Path data,
    ClusterConfig cluster,
    OrderConfig order,
    MySqlConfig mysql,
    HttpConfig http,
    DatabaseConfig database,
    LoggingConfig logging) {

  public NodeConfig {
    cluster.member(node);
    requireApart("mysql.port", mysql.port(), "http.port", http.port());
    requireApart("mysql.port", mysql.port(), "database's port", database.port());
    requireApart("http.port", http.port(), "database's port", database.port());
    requireOwn("mysql.port", mysql.port(), cluster.member(node));
    requireOwn("http.port", http.port(), cluster.member(node));
  }

  /** Vert.x would let two servers of one process share a port and give each its turn. */
  private static void requireOwn(String one, int port, MemberConfig self) {
    requireApart(one, port, "bus-port of " + self.node(), self.busPort());
    requireApart(one, port, "cluster-port of " + self.node(), self.clusterPort());
    requireApart(one, port, "log-port of " + self.node(), self.logPort());
  }

  /** This node's own entry in the list of members. */
  public MemberConfig self() {
    return cluster.member(node);
  }

  /** The folder of the ordered log. */
  public Path orderDirectory() {
    return data.resolve("log");
  }

  /** The folder of an owned database. */
  public Path databaseDirectory() {
    return data.resolve("database");
  }

  static NodeConfig read(ConfigSection section) {
    return new NodeConfig(
        nodeId(section.text("node")),
        section.path("data"),
        section.section("cluster", ClusterConfig::read),
        section.section("order", OrderConfig::read),
        section.section("mysql", MySqlConfig::read),
        section.section("http", HttpConfig::read),
        section.section("database", DatabaseConfig::read),
        section.section("logging", LoggingConfig::read));
  }

  static NodeId nodeId(String name) {
    try {
      return new NodeId(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("node: " + e.getMessage());
    }
  }

  private static void requireApart(String one, int port, String other, int otherPort) {
    if (port == otherPort) {
      throw new ConfigException(one + " and the " + other + " are both " + port);
    }
  }
}
