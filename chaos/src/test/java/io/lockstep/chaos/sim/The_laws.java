package io.lockstep.chaos.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.log.InMemoryCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A simulation is worth what its laws notice: each is shown the fault it is there for. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_laws {
  private static final int SEEDS_MAX = 1_000;
  private static final Climate CALM = new Climate(0, 0, 0, 0, SimTime.SECOND);

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void notice_every_deliberate_fault_within_a_few_seeds(Sabotage sabotage) {
    OptionalLong seed =
        LongStream.rangeClosed(1, SEEDS_MAX)
            .filter(tried -> broken(tried, sabotage).isPresent())
            .findFirst();
    assertTrue(seed.isPresent(), "not noticed in " + SEEDS_MAX + " seeds: " + sabotage);
    new SimCluster(seed.getAsLong(), Sabotage.NONE).run();
  }

  @Test
  void tell_the_same_story_of_the_same_seed() {
    String once = broken(1, Sabotage.SKIP_DEDUP).orElseThrow();
    assertEquals(once, broken(1, Sabotage.SKIP_DEDUP).orElseThrow());
    assertTrue(once.startsWith("seed 1 (SKIP_DEDUP): "), once);
    assertTrue(once.contains("leads the log in term"), once);
  }

  @Test
  void hold_what_was_seen_until_somebody_looks() {
    Laws laws = new Laws();
    laws.breakBy("I1", "seen inside a callback that swallows what is thrown");
    assertThrows(
        Violation.class,
        () ->
            laws.check(
                new InMemoryCluster(List.of(), new SimNetwork(new SimTime(), new Chance(1), CALM)),
                Map.of()));
  }

  private static Optional<String> broken(long seed, Sabotage sabotage) {
    try {
      new SimCluster(seed, sabotage).run();
      return Optional.empty();
    } catch (AssertionError noticed) {
      return Optional.of(String.valueOf(noticed.getMessage()));
    }
  }
}
