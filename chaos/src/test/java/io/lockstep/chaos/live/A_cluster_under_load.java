package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code chaos/run.sh}: every kind of death once. Another seed: {@code
 * -Dchaos.seed=N}.
 */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_cluster_under_load {
  private static final Path REPORT = Path.of("target", "a-cluster-under-load.html");
  private static final ChaosRun.Plan EVERY_DEATH_ONCE =
      new ChaosRun.Plan(
          List.of(Fault.KILL_FOLLOWER, Fault.KILL_SEQUENCER, Fault.KILL_DATABASE, Fault.KILL_ALL),
          Long.getLong("chaos.seed", 7L),
          8,
          Duration.ofMillis(20),
          4,
          Duration.ofMinutes(10),
          Duration.ofMillis(1_500));

  @Test
  void keeps_every_promise_when_a_follower_the_sequencer_a_database_and_all_nodes_are_killed(
      @TempDir Path folder) throws Exception {
    try (LiveCluster cluster = OneNode.cluster(folder, 3)) {
      ChaosRun run = new ChaosRun(cluster, EVERY_DEATH_ONCE);
      Verdict verdict = run.run();
      Files.createDirectories(REPORT.getParent());
      new Report(verdict, run.timeline()).writeTo(REPORT);
      // How long clients wait, or are refused, depends on the machine: chaos/run.sh judges that.
      List<String> broken =
          verdict.violations().stream()
              .filter(one -> !one.contains("short stall") && !one.contains("living gateways"))
              .toList();
      assertEquals(List.of(), broken, () -> verdict + " " + run.timeline().events());
      assertEquals(EVERY_DEATH_ONCE.faults().size(), verdict.gapsMs().size(), "every fault struck");
      assertTrue(verdict.acknowledged() > 1_000, () -> "hardly anything was written: " + verdict);
    }
  }
}
