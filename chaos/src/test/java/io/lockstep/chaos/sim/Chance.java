package io.lockstep.chaos.sim;

import java.util.List;
import java.util.Random;

/** Every decision that is not the code's own comes from here. */
final class Chance {
  private final Random random;

  Chance(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
  }

  boolean once(double probability) {
    return random.nextDouble() < probability;
  }

  /** From {@code from} to {@code to}, both possible. */
  long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from + 1));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long any() {
    return random.nextLong();
  }

  double fraction() {
    return random.nextDouble();
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
