package io.lockstep.chaos.live;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the clients know: every row they tried to write and what they were told. A row is named by
 * (client, number). Safe for many threads.
 */
final class Ledger {
  /** What a client was told of its write. */
  enum Told {
    /** OK: it must be there, exactly once. */
    ACKNOWLEDGED,
    /** Nothing happened: it must not be there. */
    REFUSED,
    /** The connection broke before an answer: it may be there, at most once. */
    UNKNOWN
  }

  /** The name of one row. */
  record Row(int client, long number) {}

  private final Map<Row, Told> rows = new ConcurrentHashMap<>();
  private final AtomicLong unexpected = new AtomicLong();
  private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();

  void tell(Row row, Told told) {
    rows.put(row, told);
  }

  /** An error that no client should have seen: on a connection to a living gateway. */
  void unexpected(String error) {
    unexpected.incrementAndGet();
    errors.computeIfAbsent(error, key -> new AtomicLong()).incrementAndGet();
  }

  void expected(String error) {
    errors.computeIfAbsent("(dead gateway) " + error, key -> new AtomicLong()).incrementAndGet();
  }

  /** A copy of all of them, which a long run makes large: ask once. */
  Map<Row, Told> rows() {
    return Map.copyOf(rows);
  }

  long unexpected() {
    return unexpected.get();
  }

  Map<String, AtomicLong> errors() {
    return Map.copyOf(errors);
  }
}
