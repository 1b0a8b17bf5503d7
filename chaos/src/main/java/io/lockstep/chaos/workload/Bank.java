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
import java.util.stream.Stream;

/** Moves money between accounts; whoever looks at all accounts sees the same total. */
final class Bank implements Workload {
  private static final int ACCOUNTS = 8;
  private static final long INITIAL = 100;
  private static final int AMOUNT_MAX = 5;

  private final Numbers accounts = new Numbers(ACCOUNTS, INITIAL);
  private final boolean locks;

  /** Without locks where the level makes up for them. */
  Bank(Level level) {
    this.locks = level != Level.SERIALIZABLE;
  }

  @Override
  public void create(Sql sql) throws SQLException {
    accounts.create(sql);
  }

  @Override
  public void run(Sql sql, Random random, List<Operation> noted) throws SQLException {
    switch (random.nextInt(4)) {
      case 0 -> accounts.readRange(sql, 0, ACCOUNTS, random.nextInt(4) == 0, noted);
      case 1 -> {
        for (int account = 0; account < ACCOUNTS; account++) {
          accounts.read(sql, account, false, noted);
        }
      }
      default -> transfer(sql, random, noted);
    }
  }

  private void transfer(Sql sql, Random random, List<Operation> noted) throws SQLException {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long amount = 1L + random.nextInt(AMOUNT_MAX);
    accounts.mark(sql, noted);
    long before = accounts.read(sql, from, locks || random.nextBoolean(), noted);
    if (random.nextBoolean()) {
      accounts.set(sql, from, before, before - amount, noted);
      long other = accounts.read(sql, to, locks, noted);
      accounts.set(sql, to, other, other + amount, noted);
    } else {
      accounts.add(sql, from, -amount, noted);
      accounts.add(sql, to, amount, noted);
    }
  }

  @Override
  public Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    return accounts.end(sql);
  }

  @Override
  public List<Anomaly> judge(History history) {
    SumCheck check = new SumCheck(history, INITIAL, account -> true);
    return Stream.of(check.lostUpdates(), check.totals(ACCOUNTS)).flatMap(List::stream).toList();
  }
}
