package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.Operation;
import io.lockstep.chaos.history.SkewCheck;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Takes one of a pair away if both are there, and puts both back: whoever looks at a pair sees at
 * least one. In even pairs the look takes locks; odd ones are open to write skew below
 * SERIALIZABLE.
 */
final class Pairs implements Workload {
  private static final int PAIRS = 8;

  private final Numbers numbers = new Numbers(2 * PAIRS, 1);
  private final Level level;

  Pairs(Level level) {
    this.level = level;
  }

  private boolean protects(int pair) {
    return level == Level.SERIALIZABLE || pair % 2 == 0;
  }

  @Override
  public void create(Sql sql) throws SQLException {
    numbers.create(sql);
  }

  @Override
  public void run(Sql sql, Random random, List<Operation> noted) throws SQLException {
    int pair = random.nextInt(PAIRS);
    int first = 2 * pair;
    int begin = noted.size();
    numbers.readRange(sql, first, first + 1, protects(pair) && level != Level.SERIALIZABLE, noted);
    long one = noted.get(begin).value();
    long other = noted.get(begin + 1).value();
    numbers.mark(sql, noted);
    if (one == 1 && other == 1) {
      numbers.set(sql, first + random.nextInt(2), 1, 0, noted);
    } else if (random.nextBoolean()) {
      numbers.set(sql, first, one, 1, noted);
      numbers.set(sql, first + 1, other, 1, noted);
    }
  }

  @Override
  public Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    return numbers.end(sql);
  }

  @Override
  public List<Anomaly> judge(History history) {
    return new SkewCheck(history, this::protects).anomalies();
  }
}
