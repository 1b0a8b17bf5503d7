package io.lockstep.chaos.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Run one seed alone with {@code -Dsim.seed=N}, more of them with {@code -Dsim.seeds=N}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_simulation {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 2_000);
  private static final long FIRST = Long.getLong("sim.seed", 1L);

  /** Seeds have nothing in common, so they are tried on all processors. */
  @Test
  void breaks_no_law_under_any_seed() {
    long count = Long.getLong("sim.seed") == null ? SEEDS : 1;
    LongAdder acknowledged = new LongAdder();
    LongStream.range(FIRST, FIRST + count)
        .parallel()
        .mapToObj(seed -> broken(seed, acknowledged))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            broken -> {
              throw broken;
            });
    assertTrue(acknowledged.sum() > 10 * count, "hardly anything was written: " + acknowledged);
  }

  private static Optional<AssertionError> broken(long seed, LongAdder acknowledged) {
    SimCluster cluster = new SimCluster(seed, Sabotage.NONE);
    try {
      cluster.run();
      acknowledged.add(cluster.laws().acknowledgedCount());
      return Optional.empty();
    } catch (AssertionError broken) {
      return Optional.of(broken);
    }
  }
}
