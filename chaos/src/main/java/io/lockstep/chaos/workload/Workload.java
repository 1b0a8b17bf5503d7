package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.Operation;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What the clients of a run do, over and over. Used by many threads. */
public interface Workload {
  /** The schema that all of them use. */
  String SCHEMA = "anomalies";

  /** The workloads by the names that the script takes. */
  static Workload named(String name, Level level) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "append" -> new Appends(level);
      case "set" -> new Sets(level);
      case "bank" -> new Bank(level);
      case "lost-update" -> new Counters(level);
      case "skew" -> new Pairs(level);
      default -> throw new IllegalArgumentException("no such workload: " + name);
    };
  }

  /** The names that {@link #named} knows. */
  static List<String> names() {
    return List.of("append", "set", "bank", "lost-update", "skew");
  }

  /** Makes its tables anew. */
  void create(Sql sql) throws SQLException;

  /** Runs what is between BEGIN and COMMIT, and notes each operation when its answer is there. */
  void run(Sql sql, Random random, List<Operation> noted) throws SQLException;

  /** What there is when all clients have ended. */
  Map<Integer, List<Long>> end(Sql sql) throws SQLException;

  /** Every anomaly of a history whose fates are known. */
  List<Anomaly> judge(History history);
}
