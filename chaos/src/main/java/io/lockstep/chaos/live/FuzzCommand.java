package io.lockstep.chaos.live;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chaos/run.sh fuzz}. */
@Command(
    name = "fuzz",
    description = "Runs random statements at all gateways and compares all nodes.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all nodes were the same after every batch",
      "1:nodes differed, or a gateway failed; the batch's statements are written down",
      "2:wrong usage"
    })
final class FuzzCommand implements Callable<Integer> {
  private static final int STATEMENTS_MAX = 100_000;

  @Option(
      names = "--statements",
      defaultValue = "150",
      description = "for each gateway in each batch; a batch has a schema of its own")
  int statements;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    FuzzRun.Plan plan =
        new FuzzRun.Plan(
            options.seed(),
            options.duration(),
            Integer.MAX_VALUE,
            options.within("--statements", statements, STATEMENTS_MAX));
    Path directory = options.directory("fuzz");
    try (LiveCluster cluster = options.start(directory, 3)) {
      return options.report(new FuzzRun(cluster, plan, directory, options::print).run(), directory);
    }
  }
}
