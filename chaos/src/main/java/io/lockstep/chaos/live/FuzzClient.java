package io.lockstep.chaos.live;

import io.lockstep.chaos.fuzz.FuzzStatements;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Runs random statements at one gateway and writes down how each ended. Used by one thread. */
final class FuzzClient {
  /** What only a node that has lost its way answers: ER_UNKNOWN_ERROR, and the engines' errors. */
  private static final List<Integer> NEVER = List.of(1105, 1030, 1032, 1296);

  /** Connections that a session may lose: the order ends those that hold up a definition. */
  private static final int LOST_MAX = 10;

  private final NodeProcess node;
  private final String schema;
  private final List<String> done = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final Map<String, Long> errors = new ConcurrentHashMap<>();
  private long succeeded;

  FuzzClient(NodeProcess node, String schema) {
    this.node = node;
    this.schema = schema;
  }

  /** Runs about as many statements, whatever comes of them. */
  void run(FuzzStatements statements, int count) {
    int lost = 0;
    while (done.size() < count && lost < LOST_MAX) {
      try (Connection connection = DriverManager.getConnection(node.jdbcUrl());
          Statement statement = connection.createStatement()) {
        statement.execute("USE " + schema);
        statement.execute("SET @v = 2");
        while (done.size() < count) {
          for (String sql : statements.next()) {
            run(statement, sql);
          }
        }
        statement.execute("ROLLBACK");
      } catch (SQLException e) {
        lost++;
        errors.merge("lost connections", 1L, Long::sum);
      }
    }
    if (lost >= LOST_MAX) {
      broken.add(node.node() + " ended " + lost + " connections");
    }
  }

  private void run(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
      succeeded++;
      done.add(sql);
    } catch (SQLException e) {
      done.add(sql + "  -- " + e.getErrorCode() + " " + e.getMessage());
      if (String.valueOf(e.getSQLState()).startsWith("08")) {
        throw e;
      }
      errors.merge(Integer.toString(e.getErrorCode()), 1L, Long::sum);
      if (NEVER.contains(e.getErrorCode())) {
        broken.add(node.node() + ": " + e.getErrorCode() + " " + e.getMessage() + " for " + sql);
      }
    }
  }

  long succeeded() {
    return succeeded;
  }

  /** What no statement may end with. */
  List<String> broken() {
    return broken;
  }

  Map<String, Long> errors() {
    return errors;
  }

  String text() {
    return done.stream().collect(Collectors.joining(";\n", "-- at " + node.node() + "\n", ";\n"));
  }
}
