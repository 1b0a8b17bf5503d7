package io.lockstep.chaos.history;

/**
 * Something that no serial order explains.
 *
 * @param name as the literature has it: G0, G1a, G1b, G1c, G-single, G2 (Adya 1999), or in words
 * @param allowed whether InnoDB itself allows it at the history's level
 * @param story a counterexample, as small as it could be made
 */
public record Anomaly(String name, boolean allowed, String story) {
  static Anomaly forbidden(String name, String story) {
    return new Anomaly(name, false, story);
  }

  @Override
  public String toString() {
    return name + ": " + story;
  }
}
