package io.lockstep.sequencer;

import io.lockstep.model.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;

/** Whose proposals came lately, and so how many more are to be expected. On one context. */
final class Arrivals {
  /** What came before that says nothing of now. */
  private static final long WINDOW_NANOS = Duration.ofMillis(500).toNanos();

  /** Arrivals that are recalled; with more of them the window is shorter. */
  private static final int RECALLED_MAX = 256;

  private record Arrival(SessionId session, long at) {}

  private final ArrayDeque<Arrival> recent = new ArrayDeque<>();

  void came(SessionId session, long now) {
    forget(now);
    if (recent.size() >= RECALLED_MAX) {
      recent.remove();
    }
    recent.add(new Arrival(session, now));
  }

  /** How many proposals of others than these sessions come within {@code nanos} on average. */
  double expected(Set<SessionId> without, long nanos, long now) {
    forget(now);
    long others = recent.stream().filter(one -> !without.contains(one.session())).count();
    long span = recent.size() < RECALLED_MAX ? WINDOW_NANOS : now - recent.element().at();
    return (double) others * nanos / Math.max(1, span);
  }

  private void forget(long now) {
    while (!recent.isEmpty() && now - recent.element().at() > WINDOW_NANOS) {
      recent.remove();
    }
  }
}
