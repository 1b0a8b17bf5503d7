package io.lockstep.chaos.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command behind {@code chaos/run.sh}. */
@Command(
    name = "run.sh",
    mixinStandardHelpOptions = true,
    subcommands = TransactionsCommand.class,
    description = "Starts a cluster, loads it, disturbs it, and checks every acknowledged write.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every promise was kept",
      "1:a promise was broken, see the report",
      "2:wrong usage"
    })
public final class ChaosCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FAULT",
      description = "kill-node, kill-follower, kill-sequencer, kill-database or kill-all")
  @Nullable String fault;

  @Option(names = "--minutes", defaultValue = "2", description = "how long the faults go on")
  int minutes;

  @Option(names = "--seed", defaultValue = "1", description = "what the faults are drawn from")
  long seed;

  @Option(names = "--clients", defaultValue = "12", description = "half of them use HTTP")
  int clients;

  @Option(
      names = "--pause-ms",
      defaultValue = "0",
      description = "how long a client waits between two writes")
  int pauseMs;

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
    Fault named;
    try {
      named = Fault.named(String.valueOf(fault));
    } catch (IllegalArgumentException e) {
      System.err.println("no such fault: " + fault + " (see --help)");
      return CommandLine.ExitCode.USAGE;
    }
    Path directory = data.toAbsolutePath().resolve(named + "-" + seed);
    ChaosRun.Plan plan =
        new ChaosRun.Plan(
            List.of(named),
            seed,
            clients,
            Duration.ofMillis(pauseMs),
            Integer.MAX_VALUE,
            Duration.ofMinutes(minutes),
            Duration.ofSeconds(5));
    try (LiveCluster cluster =
        LiveCluster.start(
            new Jar(jar.toAbsolutePath()), directory, 3, mysqlPort, httpPort, List.of())) {
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-of-the-cluster"));
      ChaosRun run = new ChaosRun(cluster, plan);
      Verdict verdict = run.run();
      Path report = directory.resolve("report.html");
      new Report(verdict, run.timeline()).writeTo(report);
      System.out.println(verdict.passed() ? "passed" : "FAILED: " + verdict.violations());
      System.out.println(
          verdict.acknowledged() + " acknowledged, pauses in ms: " + verdict.gapsMs());
      verdict.errors().forEach((error, count) -> System.out.println(count + " x " + error));
      System.out.println("report: " + report);
      return verdict.passed() ? 0 : 1;
    }
  }

  /** Entry point of the script. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosCommand()).execute(arguments));
  }
}
