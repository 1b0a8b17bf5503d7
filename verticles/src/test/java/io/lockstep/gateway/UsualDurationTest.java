package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UsualDurationTest {
  private static final long MILLI = 1_000_000;

  private final UsualDuration usual = new UsualDuration(Duration.ofMillis(1));
  private final Random random = new Random(7);

  @Test
  void it_comes_near_the_lower_quartile_of_what_it_is_told() {
    add(2_000, 4 * MILLI, 8 * MILLI);
    assertNear(5 * MILLI);
  }

  @Test
  void what_half_of_them_wait_does_not_count() {
    for (int i = 0; i < 1_000; i++) {
      add(1, MILLI, 2 * MILLI);
      add(1, 80 * MILLI, 90 * MILLI);
    }
    assertTrue(usual.nanos() < 3 * MILLI, () -> "usual: " + usual.nanos());
  }

  @Test
  void it_follows_a_machine_that_becomes_slower_and_faster_again() {
    add(500, MILLI, 2 * MILLI);
    add(500, 10 * MILLI, 20 * MILLI);
    assertNear(12 * MILLI + MILLI / 2);
    add(500, MILLI, 2 * MILLI);
    assertNear(MILLI + MILLI / 4);
  }

  @Test
  void it_stays_within_its_bounds() {
    add(1_000, 0, 1);
    assertEquals(UsualDuration.LEAST.toNanos(), usual.nanos());
    add(2_000, 10_000 * MILLI, 20_000 * MILLI);
    assertEquals(UsualDuration.MOST.toNanos(), usual.nanos());
  }

  private void add(int times, long from, long to) {
    for (int i = 0; i < times; i++) {
      usual.add(from + (long) (random.nextDouble() * (to - from)));
    }
  }

  private void assertNear(long nanos) {
    assertTrue(
        Math.abs(usual.nanos() - nanos) < nanos / 4, () -> "usual: " + usual.nanos() + " ns");
  }
}
