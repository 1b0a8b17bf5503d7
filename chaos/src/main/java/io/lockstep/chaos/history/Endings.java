package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what clients were told of their transactions with what there is at the end: committed
 * means all of it, aborted nothing, unknown either, but never a part.
 */
public final class Endings {
  private record Appended(int key, long value) {}

  private final History history;
  private final Set<Appended> there = new HashSet<>();
  private final Map<Appended, Transaction> writers = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  public Endings(History history) {
    this.history = history;
    history.transactions().stream()
        .forEach(one -> one.appends().forEach(op -> writers.put(appended(op), one)));
    Set<Integer> keys = writers.keySet().stream().map(Appended::key).collect(Collectors.toSet());
    for (int key : keys) {
      for (long value : history.atTheEnd(key)) {
        Appended one = new Appended(key, value);
        if (!there.add(one)) {
          anomalies.add(Anomaly.forbidden("twice", value + " is twice in " + key));
        }
        if (!writers.containsKey(one)) {
          anomalies.add(Anomaly.forbidden("from nowhere", "nobody appended " + one));
        }
      }
    }
    history.transactions().forEach(this::compare);
  }

  private static Appended appended(Operation append) {
    return new Appended(append.key(), append.value());
  }

  private void compare(Transaction transaction) {
    List<Operation> appends = transaction.appends().toList();
    List<Operation> found = appends.stream().filter(op -> there.contains(appended(op))).toList();
    if (!found.isEmpty() && found.size() < appends.size()) {
      anomalies.add(Anomaly.forbidden("in part", "of " + transaction + " there is only " + found));
    } else if (transaction.fate() == Fate.COMMITTED && found.size() < appends.size()) {
      anomalies.add(Anomaly.forbidden("lost", "nothing is there of " + transaction));
    } else if (transaction.fate() == Fate.ABORTED && !found.isEmpty()) {
      anomalies.add(Anomaly.forbidden("undead", "there is what was aborted: " + transaction));
    }
  }

  public List<Anomaly> anomalies() {
    return List.copyOf(anomalies);
  }

  /** The history with the fate of every transaction that appended something. */
  public History resolved() {
    return new History(
        history.level(),
        history.transactions().stream().map(this::resolved).toList(),
        history.end());
  }

  private Transaction resolved(Transaction one) {
    if (one.fate() != Fate.UNKNOWN) {
      return one;
    }
    boolean happened = one.appends().anyMatch(op -> there.contains(appended(op)));
    return one.with(happened ? Fate.COMMITTED : Fate.ABORTED);
  }
}
