package io.lockstep.chaos.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Run one seed alone with {@code -Dsim.seed=N}, more of them with {@code -Dsim.seeds=N}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_simulation {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 2_000);
  private static final long FIRST = Long.getLong("sim.seed", 1L);

  @Test
  void breaks_no_law_under_any_seed() {
    long count = Long.getLong("sim.seed") == null ? SEEDS : 1;
    long acknowledged =
        LongStream.range(FIRST, FIRST + count)
            .map(
                seed -> {
                  SimCluster cluster = new SimCluster(seed, Sabotage.NONE);
                  cluster.run();
                  return cluster.laws().acknowledgedCount();
                })
            .sum();
    assertTrue(acknowledged > 10 * count, "hardly anything was written: " + acknowledged);
  }
}
