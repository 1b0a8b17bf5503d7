package io.lockstep.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Checks transactions that add to numbers after reading them: at the end each number is what all
 * committed additions make of its first value, so none was lost.
 */
public final class SumCheck {
  private static final int SHOWN_MAX = 4;

  private final History history;
  private final long initial;
  private final IntPredicate promised;

  /**
   * @param initial the value of every number at the beginning
   * @param promised the keys whose additions the history's level protects
   */
  public SumCheck(History history, long initial, IntPredicate promised) {
    this.history = history;
    this.initial = initial;
    this.promised = promised;
  }

  /** Numbers that do not add up. */
  public List<Anomaly> lostUpdates() {
    Map<Integer, Long> sums = new HashMap<>();
    Map<Integer, List<Transaction>> adders = new HashMap<>();
    history
        .committed()
        .forEach(
            one ->
                one.operations().stream()
                    .filter(op -> op.kind() == Operation.Kind.ADD)
                    .forEach(
                        op -> {
                          sums.merge(op.key(), op.value(), Long::sum);
                          adders.computeIfAbsent(op.key(), key -> new ArrayList<>()).add(one);
                        }));
    List<Anomaly> anomalies = new ArrayList<>();
    sums.forEach(
        (key, sum) -> {
          List<Long> end = history.atTheEnd(key);
          if (!end.equals(List.of(initial + sum))) {
            String story =
                key + " should be " + (initial + sum) + " and is " + end + same(key, adders);
            anomalies.add(new Anomaly("lost update", !promised.test(key), story));
          }
        });
    return anomalies;
  }

  /** Those that read one and the same value and then added to it. */
  private static String same(int key, Map<Integer, List<Transaction>> adders) {
    Map<Long, List<Transaction>> bySeen = new HashMap<>();
    for (Transaction one : adders.getOrDefault(key, List.of())) {
      one.operations().stream()
          .filter(op -> op.isRead() && op.key() == key)
          .flatMap(op -> op.values().stream())
          .findFirst()
          .ifPresent(seen -> bySeen.computeIfAbsent(seen, value -> new ArrayList<>()).add(one));
    }
    return bySeen.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .limit(SHOWN_MAX)
        .map(entry -> "\n    " + entry.getKey() + " was read by " + entry.getValue())
        .collect(Collectors.joining());
  }

  /** Reads of all numbers at once, or of one after the other in a snapshot, whose total is off. */
  public List<Anomaly> totals(int numbers) {
    long total = initial * numbers;
    List<Anomaly> anomalies = new ArrayList<>();
    long atTheEnd =
        history.end().entrySet().stream()
            .filter(entry -> entry.getKey() >= 0)
            .mapToLong(entry -> entry.getValue().get(0))
            .sum();
    if (atTheEnd != total) {
      anomalies.add(
          Anomaly.forbidden("total", "at the end it is " + atTheEnd + " in place of " + total));
    }
    history
        .committed()
        .filter(one -> one.operations().size() == numbers)
        .filter(one -> one.operations().stream().allMatch(Operation::isRead))
        .forEach(
            one -> {
              long seen = one.operations().stream().mapToLong(Operation::value).sum();
              if (seen != total) {
                anomalies.add(
                    Anomaly.forbidden("total", one + " saw " + seen + " in place of " + total));
              }
            });
    return anomalies;
  }
}
