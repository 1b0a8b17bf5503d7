package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks transactions that append unique values to lists and read them. The lists at the end tell
 * in which order the writes took effect, and each read, which of them it saw (the idea is that of
 * Elle, Kingsbury and Alvaro 2020).
 */
public final class ListCheck {
  private static final int ABORTED_MAX = 20;

  private final History history;
  private final Dependencies dependencies;
  private final Map<Integer, Map<Long, Transaction>> writers = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  private ListCheck(History history) {
    this.history = history;
    this.dependencies = new Dependencies(history, true);
  }

  /** Every anomaly of a history in which nobody's fate is unknown. */
  public static List<Anomaly> of(History history) {
    return new ListCheck(history).run();
  }

  private List<Anomaly> run() {
    for (Transaction one : history.transactions()) {
      one.appends()
          .forEach(
              op -> writers.computeIfAbsent(op.key(), key -> new HashMap<>()).put(op.value(), one));
    }
    Set<Integer> keys = new HashSet<>(history.end().keySet());
    keys.addAll(writers.keySet());
    keys.forEach(this::order);
    history.committed().forEach(this::reads);
    if (anomalies.isEmpty()) {
      anomalies.addAll(Cycles.of(history, dependencies.found()));
    }
    return List.copyOf(anomalies);
  }

  private Optional<Transaction> writer(int key, long value) {
    return Optional.ofNullable(writers.getOrDefault(key, Map.of()).get(value));
  }

  private void order(int key) {
    List<Long> end = history.atTheEnd(key);
    for (int i = 1; i < end.size(); i++) {
      Optional<Transaction> one = writer(key, end.get(i - 1));
      Optional<Transaction> next = writer(key, end.get(i));
      if (one.isPresent() && next.isPresent()) {
        String reason =
            "appended to " + key + ": " + end.get(i - 1) + ", and right behind it " + end.get(i);
        dependencies.writes(one.get(), next.get(), reason);
      }
    }
  }

  private void reads(Transaction reader) {
    for (int i = 0; i < reader.operations().size(); i++) {
      if (reader.operations().get(i).isRead()) {
        read(reader, i);
      }
    }
  }

  private void read(Transaction reader, int index) {
    Operation read = reader.operations().get(index);
    List<Long> seen = read.values();
    List<Long> end = history.atTheEnd(read.key());
    if (seen.size() > end.size() || !end.subList(0, seen.size()).equals(seen)) {
      strange(reader, read, end);
      return;
    }
    ownAreSeen(reader, index);
    Optional<Transaction> latest =
        seen.isEmpty() ? Optional.empty() : writer(read.key(), seen.get(seen.size() - 1));
    if (latest.filter(writer -> !writer.equals(reader)).isPresent()) {
      whole(reader, read, latest.get());
      dependencies.saw(
          reader, index, latest.get(), "its " + seen.get(seen.size() - 1) + " is seen by " + read);
    }
    if (seen.size() < end.size()) {
      long next = end.get(seen.size());
      writer(read.key(), next)
          .ifPresent(
              writer -> dependencies.missed(reader, index, writer, read + " misses " + next));
    }
  }

  /** Values that nobody will have written, or another order than that of the end. */
  private void strange(Transaction reader, Operation read, List<Long> end) {
    List<Transaction> aborted =
        read.values().stream()
            .flatMap(value -> writer(read.key(), value).stream())
            .filter(writer -> writer.fate() == Fate.ABORTED)
            .limit(ABORTED_MAX)
            .toList();
    anomalies.add(
        aborted.isEmpty()
            ? Anomaly.forbidden(
                "fork", reader + " read " + read + ", but at the end there is " + end)
            : Anomaly.forbidden("G1a", reader + " read in " + read + " from " + aborted));
  }

  /** What another transaction appends later on to the same list must be seen too. */
  private void whole(Transaction reader, Operation read, Transaction writer) {
    Optional<Operation> later =
        writer
            .appends()
            .filter(op -> op.key() == read.key() && !read.values().contains(op.value()))
            .findFirst();
    later.ifPresent(
        op ->
            anomalies.add(
                Anomaly.forbidden(
                    "G1b", reader + " read in " + read + " only a part of " + writer)));
  }

  private void ownAreSeen(Transaction reader, int index) {
    Operation read = reader.operations().get(index);
    reader.operations().subList(0, index).stream()
        .filter(op -> op.kind() == Operation.Kind.APPEND && op.key() == read.key())
        .filter(op -> !read.values().contains(op.value()))
        .findFirst()
        .ifPresent(
            op ->
                anomalies.add(
                    Anomaly.forbidden("internal", reader + " does not see its own " + op)));
  }
}
