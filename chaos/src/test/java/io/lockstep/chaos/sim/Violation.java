package io.lockstep.chaos.sim;

/** A promise was broken. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String law, String what) {
    super(law + ": " + what);
  }
}
