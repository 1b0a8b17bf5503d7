package io.lockstep.chaos.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every run is told: for how long, how many clients, and where its cluster lives. */
final class RunOptions {
  private static final int MINUTES_MAX = 7 * 24 * 60;

  /** Threads of one program. */
  static final int CLIENTS_MAX = 1_000;

  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // read by the parser, which then prints and leaves
  private boolean help;

  @Option(names = "--minutes", defaultValue = "2", description = "no fault or round begins later")
  private int minutes;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "what clients and faults are drawn from; their timing is not")
  private long seed;

  @Option(names = "--data", defaultValue = "target/chaos", description = "where the cluster lives")
  private Path data = Path.of("target/chaos");

  @Option(names = "--jar", defaultValue = "runtime/target/lockstep.jar", description = "the jar")
  private Path jar = Path.of("runtime/target/lockstep.jar");

  @Option(names = "--mysql-port", defaultValue = "24406", description = "the first node's")
  private int mysqlPort;

  @Option(names = "--http-port", defaultValue = "24480", description = "the first node's")
  private int httpPort;

  Duration duration() {
    return Duration.ofMinutes(within("--minutes", minutes, MINUTES_MAX));
  }

  long seed() {
    return seed;
  }

  /** Where the run named {@code name} keeps its cluster and its report. */
  Path directory(String name) {
    return data.toAbsolutePath().resolve(name + "-" + seed);
  }

  /** Started afresh, and ended at the latest with this process. */
  LiveCluster start(Path directory, int nodes) {
    LiveCluster cluster =
        LiveCluster.start(
            new Jar(jar.toAbsolutePath()), directory, nodes, mysqlPort, httpPort, List.of());
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-of-the-cluster"));
    return cluster;
  }

  /** Prints what was found and answers the exit code. */
  int report(Verdict verdict, Path report) {
    print(verdict.title());
    print(verdict.passed() ? "passed" : "FAILED:\n" + String.join("\n", verdict.violations()));
    print(verdict.acknowledged() + " acknowledged");
    verdict.errors().forEach((error, count) -> print(count + " x " + error));
    print("pauses around faults, in ms: " + verdict.gapsMs());
    print("report: " + report);
    return verdict.passed() ? 0 : 1;
  }

  void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  int within(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw wrong(option + " must be 1 to " + max + ", was " + value);
    }
    return value;
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
