package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.ListCheck;
import io.lockstep.chaos.history.Operation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Appends to lists and reads lists, one to four of these in a transaction. A list begins with the
 * first append, so reads also see what is not there.
 */
final class Appends implements Workload {
  private static final int OPERATIONS_MAX = 4;
  private static final int HOT = 8;
  private static final int LENGTH_MAX = 100;
  private static final String READ = "SELECT v FROM anomalies.lists WHERE k = ?";

  private final Slots slots = new Slots(HOT, LENGTH_MAX);
  private final AtomicLong values = new AtomicLong();
  private final Level level;

  Appends(Level level) {
    this.level = level;
  }

  @Override
  public void create(Sql sql) throws SQLException {
    sql.execute(
        "CREATE OR REPLACE TABLE anomalies.lists (k INT PRIMARY KEY, v MEDIUMTEXT NOT NULL)"
            + " ENGINE=InnoDB");
  }

  @Override
  public void run(Sql sql, Random random, List<Operation> noted) throws SQLException {
    int count = 1 + random.nextInt(OPERATIONS_MAX);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> read(sql, slots.toRead(random), "", noted);
        case 2 -> read(sql, slots.toRead(random), " FOR UPDATE", noted);
        case 3 -> read(sql, slots.toRead(random), " LOCK IN SHARE MODE", noted);
        case 4 -> rewrite(sql, slots.toWrite(random), noted);
        case 5 -> update(sql, slots.toWrite(random), noted);
        default -> append(sql, slots.toWrite(random), noted);
      }
    }
  }

  private List<Long> read(Sql sql, int key, String lock, List<Operation> noted)
      throws SQLException {
    List<Long> values =
        sql.rows(READ + lock, key).stream().flatMap(row -> list(row.get(0))).toList();
    noted.add(Operation.read(key, values, !lock.isEmpty()));
    return values;
  }

  private static Stream<Long> list(String text) {
    return Stream.of(text.split(",")).map(Long::valueOf);
  }

  private void append(Sql sql, int key, List<Operation> noted) throws SQLException {
    long value = values.incrementAndGet();
    noted.add(Operation.append(key, value));
    sql.update(
        "INSERT INTO anomalies.lists (k, v) VALUES (?, ?)"
            + " ON DUPLICATE KEY UPDATE v = CONCAT(v, ',', ?)",
        key,
        value,
        value);
  }

  private void update(Sql sql, int key, List<Operation> noted) throws SQLException {
    long value = values.incrementAndGet();
    noted.add(Operation.append(key, value));
    if (sql.update("UPDATE anomalies.lists SET v = CONCAT(v, ',', ?) WHERE k = ?", value, key)
        == 0) {
      sql.update("INSERT INTO anomalies.lists (k, v) VALUES (?, ?)", key, value);
    }
  }

  /** Reads under a lock, where the level needs one, and writes what it read with one more. */
  private void rewrite(Sql sql, int key, List<Operation> noted) throws SQLException {
    List<Long> before = read(sql, key, level == Level.SERIALIZABLE ? "" : " FOR UPDATE", noted);
    long value = values.incrementAndGet();
    noted.add(Operation.append(key, value));
    if (before.isEmpty()) {
      sql.update("INSERT INTO anomalies.lists (k, v) VALUES (?, ?)", key, value);
    } else {
      String text = before.toString().replaceAll("[\\[\\] ]", "");
      sql.execute("UPDATE anomalies.lists SET v = '" + text + "," + value + "' WHERE k = " + key);
    }
  }

  @Override
  public Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    Map<Integer, List<Long>> end = new HashMap<>();
    for (List<String> row : sql.rows("SELECT k, v FROM anomalies.lists")) {
      end.put(Integer.valueOf(row.get(0)), list(row.get(1)).toList());
    }
    return end;
  }

  @Override
  public List<Anomaly> judge(History history) {
    return ListCheck.of(history);
  }
}
