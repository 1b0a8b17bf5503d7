package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.Operation;
import io.lockstep.chaos.history.SetCheck;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Inserts rows into sets and reads whole sets, whose rows nobody could lock before. */
final class Sets implements Workload {
  private static final int OPERATIONS_MAX = 3;
  private static final int HOT = 4;
  private static final int SIZE_MAX = 30;
  private static final String READ = "SELECT v FROM anomalies.sets WHERE k = ? ORDER BY v";

  private final Slots slots = new Slots(HOT, SIZE_MAX);
  private final AtomicLong values = new AtomicLong();

  /** The same at every level. */
  Sets(Level level) {}

  @Override
  public void create(Sql sql) throws SQLException {
    sql.execute(
        "CREATE OR REPLACE TABLE anomalies.sets (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
            + " k INT NOT NULL, v BIGINT NOT NULL, KEY (k, v)) ENGINE=InnoDB");
  }

  @Override
  public void run(Sql sql, Random random, List<Operation> noted) throws SQLException {
    int count = 1 + random.nextInt(OPERATIONS_MAX);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> read(sql, slots.toRead(random), "", noted);
        case 2 -> read(sql, slots.toRead(random), " FOR UPDATE", noted);
        default -> insert(sql, slots.toWrite(random), noted);
      }
    }
  }

  private static void read(Sql sql, int key, String lock, List<Operation> noted)
      throws SQLException {
    List<Long> values =
        sql.rows(READ + lock, key).stream().map(row -> Long.valueOf(row.get(0))).toList();
    noted.add(Operation.read(key, values, !lock.isEmpty()));
  }

  private void insert(Sql sql, int key, List<Operation> noted) throws SQLException {
    long value = values.incrementAndGet();
    noted.add(Operation.append(key, value));
    sql.update("INSERT INTO anomalies.sets (k, v) VALUES (?, ?)", key, value);
  }

  @Override
  public Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    Map<Integer, List<Long>> end = new HashMap<>();
    for (List<String> row : sql.rows("SELECT k, v FROM anomalies.sets ORDER BY k, v")) {
      end.computeIfAbsent(Integer.valueOf(row.get(0)), key -> new ArrayList<>())
          .add(Long.valueOf(row.get(1)));
    }
    return end;
  }

  @Override
  public List<Anomaly> judge(History history) {
    return SetCheck.of(history);
  }
}
