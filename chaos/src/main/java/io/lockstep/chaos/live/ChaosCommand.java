package io.lockstep.chaos.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command behind {@code chaos/run.sh}. */
@Command(
    name = "run.sh",
    subcommands = {TransactionsCommand.class, FuzzCommand.class},
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
      description =
          "kill-node, kill-follower, kill-sequencer, kill-database, kill-all, hang-node or"
              + " hang-sequencer")
  @Nullable String fault;

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--clients", defaultValue = "12", description = "half of them use HTTP")
  int clients;

  @Option(
      names = "--pause-ms",
      defaultValue = "0",
      description = "how long a client waits between two writes")
  int pauseMs;

  @Override
  public Integer call() throws Exception {
    Fault named = named();
    Path directory = options.directory(named.toString());
    ChaosRun.Plan plan =
        new ChaosRun.Plan(
            List.of(named),
            options.seed(),
            options.within("--clients", clients, RunOptions.CLIENTS_MAX),
            Duration.ofMillis(pauseMs),
            Integer.MAX_VALUE,
            options.duration(),
            Duration.ofSeconds(5));
    try (LiveCluster cluster = options.start(directory, 3)) {
      ChaosRun run = new ChaosRun(cluster, plan);
      Verdict verdict = run.run();
      Path report = directory.resolve("report.html");
      new Report(verdict, run.timeline()).writeTo(report);
      return options.report(verdict, report);
    }
  }

  private Fault named() {
    try {
      return Fault.named(String.valueOf(fault));
    } catch (IllegalArgumentException e) {
      throw options.wrong(fault == null ? "Name a fault" : "no such fault: " + fault);
    }
  }

  /** Entry point of the script. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosCommand()).execute(arguments));
  }
}
