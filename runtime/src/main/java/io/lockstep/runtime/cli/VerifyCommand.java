package io.lockstep.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has all nodes sum up what they hold at one seq, and tells whether it is the same. */
@Command(
    name = "verify",
    description = {
      "Compare all nodes: every table, definition and account, at the same seq.",
      "Exits with 1 when they differ or a node did not report."
    })
final class VerifyCommand implements Callable<Integer> {
  /** A checksum reads every row of every table. */
  private static final Duration ANSWER_WAIT_MAX = Duration.ofHours(24);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeApiOptions api = new NodeApiOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    var verification = api.connect().post("/v1/verify", ANSWER_WAIT_MAX);
    var out = spec.commandLine().getOut();
    out.println(json ? verification.toPrettyString() : describe(verification));
    out.flush();
    return verification.path("identical").asBoolean() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  static String describe(JsonNode verification) {
    var lines = new ArrayList<String>();
    var nodes = new TextTable("NODE", "AT SEQ");
    for (var node : verification.path("nodes")) {
      nodes.row(List.of(node.path("node").asText(), node.path("seq").asText()));
    }
    lines.add(nodes.toString());
    for (var missing : verification.path("missing")) {
      lines.add(missing.asText() + " did not report");
    }
    lines.add("");
    var checked = verification.path("checked").asText();
    if (verification.path("identical").asBoolean()) {
      lines.add(
          "All nodes hold the same: " + checked + " tables, definitions, accounts and outcomes.");
      return String.join(System.lineSeparator(), lines);
    }
    var differences = verification.path("differences");
    if (differences.isEmpty()) {
      lines.add("INCOMPLETE: those that reported hold the same " + checked + ".");
    } else {
      lines.add("DIFFERENT: " + differences.size() + " of " + checked + ".");
      lines.add(table(differences).toString());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static TextTable table(JsonNode differences) {
    var table = new TextTable("OBJECT", "NODE", "CHECKSUM");
    for (var difference : differences) {
      for (var sum : difference.path("checksums").properties()) {
        table.row(
            List.of(difference.path("object").asText(), sum.getKey(), sum.getValue().asText()));
      }
    }
    return table;
  }
}
