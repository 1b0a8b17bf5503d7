package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks transactions that insert unique values into sets and read whole sets: what a read did not
 * see comes after it, also what was not there to be locked (phantoms).
 */
public final class SetCheck {
  private final Map<Integer, Map<Long, Transaction>> writers = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final History history;
  private final Dependencies dependencies;

  private SetCheck(History history) {
    this.history = history;
    this.dependencies = new Dependencies(history, false);
  }

  /** Every anomaly of a history in which nobody's fate is unknown. */
  public static List<Anomaly> of(History history) {
    return new SetCheck(history).run();
  }

  private List<Anomaly> run() {
    for (Transaction one : history.transactions()) {
      one.appends()
          .forEach(
              op -> writers.computeIfAbsent(op.key(), key -> new HashMap<>()).put(op.value(), one));
    }
    history
        .committed()
        .forEach(
            reader -> {
              for (int i = 0; i < reader.operations().size(); i++) {
                if (reader.operations().get(i).isRead()) {
                  read(reader, i);
                }
              }
            });
    if (anomalies.isEmpty()) {
      anomalies.addAll(Cycles.of(history, dependencies.found()));
    }
    return List.copyOf(anomalies);
  }

  private void read(Transaction reader, int index) {
    Operation read = reader.operations().get(index);
    Set<Long> seen = new HashSet<>(read.values());
    for (long value : seen) {
      Optional<Transaction> writer =
          Optional.ofNullable(writers.getOrDefault(read.key(), Map.of()).get(value));
      if (writer.isEmpty()) {
        anomalies.add(Anomaly.forbidden("from nowhere", reader + " read " + value));
      } else if (writer.get().fate() == Fate.ABORTED) {
        anomalies.add(Anomaly.forbidden("G1a", reader + " read from " + writer.get()));
      } else {
        String reason = "its " + value + " is seen by the read of " + read.key();
        dependencies.saw(reader, index, writer.get(), reason);
      }
    }
    writers
        .getOrDefault(read.key(), Map.of())
        .forEach((value, writer) -> missed(reader, index, value, writer, seen));
  }

  private void missed(
      Transaction reader, int index, long value, Transaction writer, Set<Long> seen) {
    if (seen.contains(value) || writer.fate() != Fate.COMMITTED) {
      return;
    }
    int key = reader.operations().get(index).key();
    if (!writer.equals(reader)) {
      dependencies.missed(reader, index, writer, "its read of " + key + " misses " + value);
    } else if (reader.operations().subList(0, index).contains(Operation.append(key, value))) {
      anomalies.add(Anomaly.forbidden("internal", reader + " does not see its own " + value));
    }
  }
}
