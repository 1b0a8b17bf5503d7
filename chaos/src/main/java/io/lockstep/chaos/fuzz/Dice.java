package io.lockstep.chaos.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Choices from a seed: the same seed makes the same choices. */
public final class Dice {
  private final Random random;

  public Dice(long seed) {
    // Neighbouring seeds begin alike.
    this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** True once in {@code times} on average. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  @SafeVarargs
  final <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** {@code least} to {@code most} of what is supplied. */
  <T> List<T> several(int least, int most, Supplier<T> supplied) {
    List<T> all = new ArrayList<>();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      all.add(supplied.get());
    }
    return all;
  }
}
