package io.lockstep.runtime.cli;

import java.nio.file.Path;

/** One node of a demo: its name, its folder and its ports, all on this machine. */
record DemoNode(
    String name,
    Path home,
    int mysqlPort,
    int httpPort,
    int databasePort,
    int clusterPort,
    int busPort,
    int logPort) {
  Path config() {
    return home.resolve("node.yaml");
  }

  Path log() {
    return home.resolve("node.log");
  }

  /** What the process itself prints: little, unless it cannot even start. */
  Path output() {
    return home.resolve("node.out");
  }

  Path pidFile() {
    return home.resolve("node.pid");
  }

  Path databaseHome() {
    return home.resolve("database");
  }

  Path databasePidFile() {
    return databaseHome().resolve("mariadbd.pid");
  }
}
