package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Checks pairs of numbers of which every transaction leaves one above zero, as far as it can see:
 * nobody may ever see both at zero. The numbers 2n and 2n+1 are a pair.
 */
public final class SkewCheck {
  private final History history;
  private final IntPredicate promised;

  /** {@code promised} tells the pairs that the history's level protects. */
  public SkewCheck(History history, IntPredicate promised) {
    this.history = history;
    this.promised = promised;
  }

  public List<Anomaly> anomalies() {
    List<Anomaly> anomalies = new ArrayList<>();
    history.committed().forEach(one -> look(one.operations(), one.toString(), anomalies));
    List<Operation> end =
        history.end().entrySet().stream()
            .filter(entry -> entry.getKey() >= 0)
            .map(entry -> Operation.read(entry.getKey(), entry.getValue(), false))
            .toList();
    look(end, "the end", anomalies);
    return anomalies;
  }

  private void look(List<Operation> operations, String who, List<Anomaly> anomalies) {
    Map<Integer, Long> seen = new HashMap<>();
    operations.stream()
        .filter(op -> op.isRead() && op.key() >= 0)
        .forEach(op -> seen.putIfAbsent(op.key(), op.value()));
    seen.forEach(
        (key, value) -> {
          boolean both = key % 2 == 0 && value == 0 && seen.getOrDefault(key + 1, 1L) == 0;
          if (both) {
            String story = who + " saw " + key + " and " + (key + 1) + " at zero";
            anomalies.add(new Anomaly("write skew", !promised.test(key / 2), story));
          }
        });
  }
}
