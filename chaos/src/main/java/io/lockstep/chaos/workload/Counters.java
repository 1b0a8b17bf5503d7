package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.Operation;
import io.lockstep.chaos.history.SumCheck;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Counts: by a locking read and a write of the next number, by {@code v = v + 1} and a look at what
 * that gave, or by a plain read and a write, which only SERIALIZABLE protects.
 */
final class Counters implements Workload {
  private static final int COUNTERS = 9;
  private static final int WAYS = 3;
  private static final int OPERATIONS_MAX = 2;
  private static final int PLAIN = 2;

  private final Numbers counters = new Numbers(COUNTERS, 0);
  private final Level level;

  Counters(Level level) {
    this.level = level;
  }

  @Override
  public void create(Sql sql) throws SQLException {
    counters.create(sql);
  }

  @Override
  public void run(Sql sql, Random random, List<Operation> noted) throws SQLException {
    counters.mark(sql, noted);
    int count = 1 + random.nextInt(OPERATIONS_MAX);
    for (int i = 0; i < count; i++) {
      int counter = random.nextInt(COUNTERS);
      switch (counter % WAYS) {
        case 0 -> {
          long before = counters.read(sql, counter, true, noted);
          counters.set(sql, counter, before, before + 1, noted);
        }
        case 1 -> {
          counters.add(sql, counter, 1, noted);
          long now = counters.read(sql, counter, false, noted);
          counters.set(sql, counter, now, now + 1, noted);
        }
        default -> {
          long before = counters.read(sql, counter, false, noted);
          counters.set(sql, counter, before, before + 1, noted);
        }
      }
    }
  }

  @Override
  public Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    return counters.end(sql);
  }

  @Override
  public List<Anomaly> judge(History history) {
    return new SumCheck(
            history, 0, counter -> level == Level.SERIALIZABLE || counter % WAYS != PLAIN)
        .lostUpdates();
  }
}
