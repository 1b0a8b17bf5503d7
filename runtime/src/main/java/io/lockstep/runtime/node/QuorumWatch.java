package io.lockstep.runtime.node;

import io.lockstep.bus.Timers;
import java.time.Duration;

/**
 * Sees whether the log has a leader: without one there is no quorum and the node does not serve
 * (invariant I8). Runs on one context.
 */
final class QuorumWatch {
  static final Duration LOOK = Duration.ofMillis(250);

  /** An election takes less; a session that waits this long finds another node or an error. */
  static final Duration WITHOUT_LEADER_MAX = Duration.ofSeconds(5);

  private final Timers timers;
  private final LogWatch log;
  private final Health health;
  private long leaderSeen;

  QuorumWatch(Timers timers, LogWatch log, Health health) {
    this.timers = timers;
    this.log = log;
    this.health = health;
  }

  void start() {
    leaderSeen = timers.nanos();
    look();
  }

  private void look() {
    if (log.reign().leader().isPresent()) {
      leaderSeen = timers.nanos();
    } else if (timers.nanos() - leaderSeen > WITHOUT_LEADER_MAX.toNanos()) {
      health.trouble(Health.Concern.QUORUM, "no majority of the nodes can be reached");
    }
    timers.after(LOOK, this::look);
  }
}
