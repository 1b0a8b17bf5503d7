package io.lockstep.model;

/** The one check every constructor uses, so that a value that exists is valid. */
public final class Require {
  private Require() {}

  /**
   * Refuses a value that breaks its promise.
   *
   * @throws IllegalArgumentException with {@code promise} as its text
   */
  public static void that(boolean holds, String promise) {
    if (!holds) {
      throw new IllegalArgumentException(promise);
    }
  }
}
