package io.lockstep.chaos.live;

import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chaos/run.sh transactions}. */
@Command(
    name = "transactions",
    description = "Runs transactions on all gateways and looks for what no order explains.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found that the isolation level forbids",
      "1:an anomaly, an error nobody should have seen, or nodes that differ",
      "2:wrong usage"
    })
final class TransactionsCommand implements Callable<Integer> {
  private static final int ROUND_SECONDS_MAX = 3_600;

  @Option(
      names = "--workload",
      defaultValue = "all",
      description = "append, set, bank, lost-update, skew or all; several rounds take turns")
  String workload = "all";

  @Option(
      names = "--isolation",
      defaultValue = "both",
      description = "rr, serializable, or both in turn")
  String isolation = "both";

  @Option(
      names = "--faults",
      defaultValue = "none",
      description = "none, or a fault as without this command: kill-node, kill-sequencer, …")
  String faults = "none";

  @Option(names = "--round-seconds", defaultValue = "15", description = "how long a round lasts")
  int roundSeconds;

  @Option(names = "--clients", defaultValue = "9", description = "spread over the gateways")
  int clients;

  @Option(names = "--plain", description = "for comparison: on one node's database, past Lockstep")
  boolean plain;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    TransactionsRun.Plan plan = plan();
    Path directory = options.directory("transactions");
    try (LiveCluster cluster = options.start(directory, plain ? 1 : 3)) {
      TransactionsRun run = new TransactionsRun(cluster, plan, options::print);
      Verdict verdict = run.run();
      Path report = directory.resolve("report.html");
      new Report(verdict, run.timeline()).writeTo(report);
      return options.report(verdict, report);
    }
  }

  private TransactionsRun.Plan plan() {
    try {
      List<String> workloads =
          workload.equals("all") ? Workload.names() : List.of(workload.split(","));
      workloads.forEach(name -> Workload.named(name, Level.SERIALIZABLE));
      return new TransactionsRun.Plan(
          workloads,
          levels(),
          fault(),
          options.seed(),
          options.within("--clients", clients, RunOptions.CLIENTS_MAX),
          Integer.MAX_VALUE,
          options.duration(),
          Duration.ofSeconds(options.within("--round-seconds", roundSeconds, ROUND_SECONDS_MAX)),
          Duration.ofSeconds(4),
          plain);
    } catch (IllegalArgumentException e) {
      throw options.wrong(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Fault> fault() {
    try {
      return faults.equals("none") ? Optional.empty() : Optional.of(Fault.named(faults));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no such fault: " + faults, e);
    }
  }

  private List<Level> levels() {
    return switch (isolation) {
      case "rr" -> List.of(Level.REPEATABLE_READ);
      case "serializable" -> List.of(Level.SERIALIZABLE);
      case "both" -> List.of(Level.REPEATABLE_READ, Level.SERIALIZABLE);
      default -> throw new IllegalArgumentException("no such isolation: " + isolation);
    };
  }
}
