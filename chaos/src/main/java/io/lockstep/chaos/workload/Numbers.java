package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Operation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A table of numbered numbers, and one of marks: each transaction leaves one, by which it can be
 * told afterwards whether it happened.
 */
final class Numbers {
  /** The key under which marks are noted. */
  static final int MARKS = -1;

  private final int count;
  private final long initial;
  private final AtomicLong marks = new AtomicLong();

  Numbers(int count, long initial) {
    this.count = count;
    this.initial = initial;
  }

  void create(Sql sql) throws SQLException {
    sql.execute(
        "CREATE OR REPLACE TABLE anomalies.numbers (k INT PRIMARY KEY, v BIGINT NOT NULL)"
            + " ENGINE=InnoDB");
    sql.execute("CREATE OR REPLACE TABLE anomalies.marks (m BIGINT PRIMARY KEY) ENGINE=InnoDB");
    for (int key = 0; key < count; key++) {
      sql.update("INSERT INTO anomalies.numbers VALUES (?, ?)", key, initial);
    }
  }

  void mark(Sql sql, List<Operation> noted) throws SQLException {
    long mark = marks.incrementAndGet();
    noted.add(Operation.append(MARKS, mark));
    sql.update("INSERT INTO anomalies.marks VALUES (?)", mark);
  }

  long read(Sql sql, int key, boolean lock, List<Operation> noted) throws SQLException {
    String text = "SELECT v FROM anomalies.numbers WHERE k = ?" + (lock ? " FOR UPDATE" : "");
    long value = Long.parseLong(sql.rows(text, key).get(0).get(0));
    noted.add(Operation.read(key, List.of(value), lock));
    return value;
  }

  /** From one key to another, by one statement. */
  void readRange(Sql sql, int from, int to, boolean lock, List<Operation> noted)
      throws SQLException {
    String text =
        "SELECT k, v FROM anomalies.numbers WHERE k BETWEEN ? AND ? ORDER BY k"
            + (lock ? " FOR UPDATE" : "");
    for (List<String> row : sql.rows(text, from, to)) {
      noted.add(
          Operation.read(Integer.parseInt(row.get(0)), List.of(Long.valueOf(row.get(1))), lock));
    }
  }

  void set(Sql sql, int key, long before, long now, List<Operation> noted) throws SQLException {
    noted.add(Operation.add(key, now - before));
    sql.update("UPDATE anomalies.numbers SET v = ? WHERE k = ?", now, key);
  }

  void add(Sql sql, int key, long more, List<Operation> noted) throws SQLException {
    noted.add(Operation.add(key, more));
    sql.update("UPDATE anomalies.numbers SET v = v + ? WHERE k = ?", more, key);
  }

  Map<Integer, List<Long>> end(Sql sql) throws SQLException {
    Map<Integer, List<Long>> end = new HashMap<>();
    for (List<String> row : sql.rows("SELECT k, v FROM anomalies.numbers")) {
      end.put(Integer.valueOf(row.get(0)), List.of(Long.valueOf(row.get(1))));
    }
    end.put(
        MARKS,
        sql.rows("SELECT m FROM anomalies.marks").stream()
            .map(row -> Long.valueOf(row.get(0)))
            .toList());
    return end;
  }
}
