package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A history written down by hand; each transaction in a session of its own unless said. */
final class Written {
  private final Level level;
  private final List<Transaction> transactions = new ArrayList<>();
  private final Map<Integer, List<Long>> end = new HashMap<>();

  Written(Level level) {
    this.level = level;
  }

  static Operation append(int key, long value) {
    return Operation.append(key, value);
  }

  static Operation read(int key, long... values) {
    return Operation.read(key, longs(values), false);
  }

  static Operation lock(int key, long... values) {
    return Operation.read(key, longs(values), true);
  }

  private static List<Long> longs(long... values) {
    return Arrays.stream(values).boxed().toList();
  }

  Written committed(Operation... operations) {
    return with(1_000 + transactions.size(), Fate.COMMITTED, operations);
  }

  Written aborted(Operation... operations) {
    return with(1_000 + transactions.size(), Fate.ABORTED, operations);
  }

  Written unknown(Operation... operations) {
    return with(1_000 + transactions.size(), Fate.UNKNOWN, operations);
  }

  Written inSession(int session, Operation... operations) {
    return with(session, Fate.COMMITTED, operations);
  }

  private Written with(int session, Fate fate, Operation... operations) {
    transactions.add(
        new Transaction(session, transactions.size(), "node", List.of(operations), fate));
    return this;
  }

  Written end(int key, long... values) {
    end.put(key, longs(values));
    return this;
  }

  History history() {
    return new History(level, transactions, end);
  }

  /** Names of anomalies; those that are allowed in brackets. */
  static String names(List<Anomaly> anomalies) {
    return anomalies.stream()
        .map(one -> one.allowed() ? "(" + one.name() + ")" : one.name())
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
