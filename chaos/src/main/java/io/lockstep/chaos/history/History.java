package io.lockstep.chaos.history;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Transactions, and what was there when all had ended.
 *
 * @param end by key
 */
public record History(Level level, List<Transaction> transactions, Map<Integer, List<Long>> end) {
  public History {
    transactions = List.copyOf(transactions);
    end = Map.copyOf(end);
  }

  List<Long> atTheEnd(int key) {
    return end.getOrDefault(key, List.of());
  }

  Stream<Transaction> committed() {
    return transactions.stream().filter(one -> one.fate() == Fate.COMMITTED);
  }
}
