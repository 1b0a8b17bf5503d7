package io.lockstep.runtime.config;

import java.time.Duration;

/**
 * The ordered log of this node.
 *
 * @param keepMb how much is kept behind what the database has applied, in MiB, so that a node that
 *     was away catches up from it
 * @param keepEntries the same in entries, each of which costs about 200 bytes of heap
 * @param electionMin a follower that hears nothing for this long, or up to {@code electionMax},
 *     asks for votes
 */
public record OrderConfig(
    long keepMb, long keepEntries, Duration electionMin, Duration electionMax) {
  public static final OrderConfig DEFAULT =
      new OrderConfig(1_024, 300_000, Duration.ofMillis(300), Duration.ofMillis(600));

  public OrderConfig {
    if (electionMax.compareTo(electionMin) <= 0) {
      throw new ConfigException("order.election-max-ms must be more than order.election-min-ms");
    }
  }

  static OrderConfig read(ConfigSection section) {
    return new OrderConfig(
        section.number("keep-mb", DEFAULT.keepMb, 16, 1 << 20),
        section.number("keep-entries", DEFAULT.keepEntries, 1_000, 10_000_000),
        section.millis(
            "election-min-ms", DEFAULT.electionMin, Duration.ofMillis(50), Duration.ofSeconds(30)),
        section.millis(
            "election-max-ms", DEFAULT.electionMax, Duration.ofMillis(60), Duration.ofSeconds(60)));
  }
}
