package io.lockstep.applier;

import java.time.Duration;

/** How long to wait before the next attempt, and how many attempts there are. */
final class Backoff {
  /** The same batch is tried this often before the node stops: about two minutes. */
  static final int ATTEMPTS_MAX = 130;

  /** An absent database is waited for this often before the node stops: about ten minutes. */
  static final int OPENINGS_MAX = 610;

  private static final long FIRST_MS = 10;
  private static final long LONGEST_MS = 1_000;

  private Backoff() {}

  /** 10, 20, 40 … ms, at most a second. */
  static Duration before(int attempt) {
    int doublings = Math.min(attempt, 10);
    return Duration.ofMillis(Math.min(LONGEST_MS, FIRST_MS << doublings));
  }

  /** Attempts 1, 2, 4, 8 … are logged. */
  static boolean worthALine(int attempt) {
    return Integer.bitCount(attempt) == 1;
  }
}
