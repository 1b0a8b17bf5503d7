package io.lockstep.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the cluster as one node sees it. */
@Command(
    name = "status",
    description = "Show the cluster: nodes, roles, term, seqs, lag, sessions, load, health.")
final class StatusCommand implements Runnable {
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeApiOptions api = new NodeApiOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    var status = api.connect().get("/v1/status", ANSWER_WAIT_MAX);
    var out = spec.commandLine().getOut();
    out.println(json ? status.toPrettyString() : describe(status));
    out.flush();
  }

  static String describe(JsonNode status) {
    var lines = new ArrayList<String>();
    lines.add(
        "Sequencer %s, term %s, last seq %s (as %s sees it)"
            .formatted(
                status.path("sequencer").asText("none"),
                status.path("term").asText(),
                status.path("lastSeq").asText(),
                status.path("node").asText()));
    lines.add("");
    lines.add(table(status.path("nodes")).toString());
    for (var node : status.path("nodes")) {
      for (var reason : node.path("reasons")) {
        lines.add(node.path("node").asText() + " does not serve: " + reason.asText());
      }
      if (node.path("suspected").asBoolean()) {
        lines.add(node.path("node").asText() + " differs from the majority");
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static TextTable table(JsonNode nodes) {
    var table =
        new TextTable(
            "NODE", "ROLE", "SERVES", "APPLIED", "LAG", "SESSIONS", "CPU", "MYSQL", "HTTP");
    for (var node : nodes) {
      table.row(
          List.of(
              node.path("node").asText(),
              node.path("role").asText(),
              serves(node),
              figure(node.path("appliedSeq")),
              figure(node.path("lag")),
              figure(node.path("sessions")),
              percent(node.path("load").path("cpu")),
              figure(node.path("mysql")),
              figure(node.path("http"))));
    }
    return table;
  }

  private static String serves(JsonNode node) {
    if (node.path("draining").asBoolean()) {
      return "draining";
    }
    return node.path("serving").asBoolean() ? "yes" : "no";
  }

  private static String figure(JsonNode value) {
    return value.isMissingNode() ? "-" : value.asText();
  }

  private static String percent(JsonNode share) {
    return share.isMissingNode() ? "-" : Math.round(share.asDouble() * 100) + " %";
  }
}
