package io.lockstep.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.runtime.config.NodeConfigFile;
import io.lockstep.runtime.database.DatabaseChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What a demo says when every node serves: for people as a table, for programs as JSON. */
final class ReadyReport {
  private final List<DemoProcess> processes;

  ReadyReport(List<DemoProcess> processes) {
    this.processes = List.copyOf(processes);
  }

  ObjectNode json() {
    var report = JsonNodeFactory.instance.objectNode();
    var nodes = report.putArray("nodes");
    for (var process : processes) {
      var node = process.node();
      nodes
          .addObject()
          .put("node", node.name())
          .put("pid", process.pid().orElse(0))
          .put("databasePid", process.databasePid().orElse(0))
          .put("mysqlPort", node.mysqlPort())
          .put("httpPort", node.httpPort())
          .put("databasePort", node.databasePort())
          .put("databaseSocket", socket(node).toString())
          .put("config", node.config().toString());
    }
    return report;
  }

  private static Path socket(DemoNode node) {
    return DatabaseChoice.ownedSocket(NodeConfigFile.load(node.config())).orElseThrow();
  }

  String table() {
    var table = new TextTable("NODE", "MYSQL", "HTTP", "PID", "DATABASE PID");
    for (var process : processes) {
      var node = process.node();
      table.row(
          List.of(
              node.name(),
              "127.0.0.1:" + node.mysqlPort(),
              "http://127.0.0.1:" + node.httpPort(),
              Long.toString(process.pid().orElse(0)),
              Long.toString(process.databasePid().orElse(0))));
    }
    return table.toString();
  }

  /** Appears under its name complete or not at all. */
  void writeTo(Path file) {
    try {
      var absolute = file.toAbsolutePath();
      var whole = absolute.resolveSibling(absolute.getFileName() + ".tmp");
      Files.createDirectories(absolute.resolveSibling("."));
      Files.writeString(whole, json().toPrettyString() + System.lineSeparator());
      Files.move(
          whole, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
