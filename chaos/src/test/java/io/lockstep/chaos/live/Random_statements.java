package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code chaos/run.sh fuzz}. Another seed: {@code -Dchaos.seed=N}. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class Random_statements {
  @Test
  void from_three_gateways_at_once_leave_all_nodes_the_same(@TempDir Path folder) throws Exception {
    FuzzRun.Plan plan =
        new FuzzRun.Plan(Long.getLong("chaos.seed", 7L), Duration.ofSeconds(10), 2, 60);
    try (LiveCluster cluster = OneNode.cluster(folder, 3)) {
      Path failures = Path.of("target", "random-statements");
      Verdict verdict = new FuzzRun(cluster, plan, failures, line -> {}).run();
      assertTrue(verdict.violations().isEmpty(), () -> String.join("\n", verdict.violations()));
      assertTrue(verdict.acknowledged() > 50, () -> "hardly anything succeeded: " + verdict);
      assertEquals(0, verdict.unknown());
    }
  }
}
