package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.TableName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of whose AUTO_INCREMENT ids others were faster than a statement that drew them at its
 * master: the next such statement takes its ids from the order at once; and how many stored
 * procedures have drawn. Lives on its gateway's context.
 */
final class ContendedIds {
  /** What was contended so long ago need not be so any more. */
  static final Duration FOR = Duration.ofSeconds(10);

  /** The one of longest ago makes room for another. */
  static final int TABLES_MAX = 1_000;

  /** Procedures of which it is known; the longest unused makes room for another. */
  static final int PROCEDURES_MAX = 1_000;

  private final Timers timers;
  private final Map<TableName, Long> since = new LinkedHashMap<>();
  private final Map<TableName, Map<TableName, Integer>> drawn =
      new LinkedHashMap<>(16, 0.75f, true);

  ContendedIds(Timers timers) {
    this.timers = timers;
  }

  /** Others were faster. */
  void are(TableName table) {
    since.remove(table);
    since.put(table, timers.nanos());
    if (since.size() > TABLES_MAX) {
      since.remove(since.keySet().iterator().next());
    }
  }

  boolean contended(TableName table) {
    return Optional.ofNullable(since.get(table))
        .filter(nanos -> timers.nanos() - nanos < FOR.toNanos())
        .isPresent();
  }

  /** How many ids of each table a procedure has drawn when it was called last. */
  void drew(TableName procedure, Map<TableName, Integer> counts) {
    drawn.put(procedure, Map.copyOf(counts));
    if (drawn.size() > PROCEDURES_MAX) {
      drawn.remove(drawn.keySet().iterator().next());
    }
  }

  /** Nothing for one that is not known. */
  Map<TableName, Integer> drawnBy(TableName procedure) {
    return Optional.ofNullable(drawn.get(procedure)).orElseGet(Map::of);
  }
}
