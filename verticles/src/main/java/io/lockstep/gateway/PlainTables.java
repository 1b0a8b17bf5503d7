package io.lockstep.gateway;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.HashSet;
import java.util.Set;

/**
 * Tables that were read together and of which no view calls a stored function, so that a
 * transaction's next read of the same need not be looked up. Lives on the event loop of its
 * sessions.
 */
final class PlainTables {
  /** Combinations that are kept; others are looked up each time. */
  static final int KNOWN_MAX = 4_096;

  private final Set<Set<TableName>> known = new HashSet<>();
  private Seq definitions = Seq.NONE;

  /** By the definitions of {@code now}; those of another moment are forgotten. */
  boolean are(Set<TableName> tables, Seq now) {
    if (!now.equals(definitions)) {
      known.clear();
      definitions = now;
    }
    return known.contains(tables);
  }

  void learn(Set<TableName> tables, Seq at) {
    if (at.equals(definitions) && known.size() < KNOWN_MAX) {
      known.add(tables);
    }
  }
}
