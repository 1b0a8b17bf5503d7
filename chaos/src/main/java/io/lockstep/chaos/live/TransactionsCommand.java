package io.lockstep.chaos.live;

import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code chaos/run.sh transactions}. */
@Command(
    name = "transactions",
    mixinStandardHelpOptions = true,
    description = "Runs transactions on all gateways and looks for what no order explains.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found that the isolation level forbids",
      "1:an anomaly, an error nobody should have seen, or nodes that differ",
      "2:wrong usage"
    })
final class TransactionsCommand implements Callable<Integer> {
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

  @Option(names = "--minutes", defaultValue = "2", description = "no round begins later")
  int minutes;

  @Option(names = "--round-seconds", defaultValue = "15", description = "how long a round lasts")
  int roundSeconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "what clients and faults are drawn from; their timing is not")
  long seed;

  @Option(names = "--clients", defaultValue = "9", description = "spread over the gateways")
  int clients;

  @Option(names = "--plain", description = "for comparison: on one node's database, past Lockstep")
  boolean plain;

  @Option(names = "--data", defaultValue = "target/chaos", description = "where the cluster lives")
  Path data = Path.of("target/chaos");

  @Option(names = "--jar", defaultValue = "runtime/target/lockstep.jar", description = "the jar")
  Path jar = Path.of("runtime/target/lockstep.jar");

  @Option(names = "--mysql-port", defaultValue = "24406")
  int mysqlPort;

  @Option(names = "--http-port", defaultValue = "24480")
  int httpPort;

  @Override
  public Integer call() throws Exception {
    TransactionsRun.Plan plan = plan();
    Path directory = data.toAbsolutePath().resolve("transactions-" + seed);
    try (LiveCluster cluster =
        LiveCluster.start(
            new Jar(jar.toAbsolutePath()),
            directory,
            plain ? 1 : 3,
            mysqlPort,
            httpPort,
            List.of())) {
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-of-the-cluster"));
      TransactionsRun run = new TransactionsRun(cluster, plan, System.out::println);
      Verdict verdict = run.run();
      Path report = directory.resolve("report.html");
      new Report(verdict, run.timeline()).writeTo(report);
      System.out.println(verdict.title());
      System.out.println(
          verdict.passed() ? "passed" : "FAILED:\n" + String.join("\n", verdict.violations()));
      verdict.errors().forEach((error, count) -> System.out.println(count + " x " + error));
      System.out.println("pauses around faults, in ms: " + verdict.gapsMs());
      System.out.println("report: " + report);
      return verdict.passed() ? 0 : 1;
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
          seed,
          clients,
          Integer.MAX_VALUE,
          Duration.ofMinutes(minutes),
          Duration.ofSeconds(roundSeconds),
          Duration.ofSeconds(4),
          plain);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(new CommandLine(this), String.valueOf(e.getMessage()));
    }
  }

  private Optional<Fault> fault() {
    return faults.equals("none") ? Optional.empty() : Optional.of(Fault.named(faults));
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
