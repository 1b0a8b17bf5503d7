package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which rows come first is for each server to say where no order does. Here one of three has lost
 * the index that the others read by, so that it would pick other rows.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Rows_that_a_limit_picks {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    try (Connection root = gateway("")) {
      OneNode.run(
          root,
          "CREATE DATABASE d",
          "USE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY, v INT, w INT, KEY (v))",
          "INSERT INTO d.t SELECT seq, 200 - seq, 0 FROM seq_1_to_200");
    }
    NodeProcess other = cluster.nodes().get(2);
    try (Connection database = DriverManager.getConnection(other.databaseUrl())) {
      Waiting.until(
          "the rows",
          SOON,
          PAUSE,
          () -> rows(database, "SELECT COUNT(*) FROM d.t").equals(List.of("200")));
      OneNode.run(database, "SET sql_log_bin = 0", "ALTER TABLE d.t DROP INDEX v");
    }
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  private Connection gateway(String options) throws SQLException {
    return DriverManager.getConnection(cluster.nodes().get(0).jdbcUrl() + options);
  }

  private void everywhere(String expected, String query) throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      try (Connection database = DriverManager.getConnection(node.databaseUrl())) {
        Waiting.until(
            query + " at " + node.node(),
            SOON,
            PAUSE,
            () -> rows(database, query).equals(List.of(expected)));
      }
    }
  }

  private static List<String> rows(Connection database, String query) {
    try {
      return OneNode.rows(database, query);
    } catch (SQLException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static String written(String picked) {
    return "SELECT w FROM d.t WHERE id = " + picked;
  }

  @Test
  void are_the_same_on_every_node_where_they_are_locked() throws Exception {
    try (Connection client = gateway("")) {
      OneNode.run(client, "BEGIN");
      String picked =
          OneNode.rows(client, "SELECT id FROM d.t WHERE v >= 0 LIMIT 1 FOR UPDATE").get(0);
      OneNode.run(client, "UPDATE d.t SET w = 1 WHERE id = " + picked, "COMMIT");
      everywhere("1", written(picked));
    }
  }

  @Test
  void are_the_same_where_the_query_was_prepared() throws Exception {
    try (Connection client = gateway("&useServerPrepStmts=true");
        PreparedStatement pick =
            client.prepareStatement("SELECT id FROM d.t WHERE v >= ? LIMIT ? FOR UPDATE")) {
      client.setAutoCommit(false);
      pick.setInt(1, 0);
      pick.setInt(2, 1);
      String picked;
      try (ResultSet rows = pick.executeQuery()) {
        rows.next();
        picked = rows.getString(1);
      }
      OneNode.run(client, "UPDATE d.t SET w = 2 WHERE id = " + picked, "COMMIT");
      everywhere("2", written(picked));
    }
  }

  /**
   * The same statement again, of which the server has not been told the types of its parameters.
   */
  @Test
  void are_found_where_the_same_statement_only_reads_before_and_after() throws Exception {
    try (Connection client = gateway("&useServerPrepStmts=true");
        PreparedStatement read =
            client.prepareStatement("SELECT id + ? FROM d.t WHERE v >= ? LIMIT 1")) {
      client.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        OneNode.run(client, i == 1 ? "UPDATE d.t SET w = 4 WHERE id = 50" : "DO 0");
        read.setInt(1, 1_000 * i);
        read.setInt(2, 0);
        try (ResultSet rows = read.executeQuery()) {
          rows.next();
          assertEquals(i, rows.getInt(1) / 1_000);
        }
        OneNode.run(client, "COMMIT");
      }
      everywhere("4", written("50"));
    }
  }

  /** A read of what the transaction has written is compared when it commits. */
  @Test
  void are_the_same_where_they_are_only_read() throws Exception {
    try (Connection client = gateway("")) {
      OneNode.run(client, "BEGIN", "UPDATE d.t SET w = 3 WHERE id = 100");
      assertEquals(3, OneNode.rows(client, "SELECT id FROM d.t WHERE v >= 0 LIMIT 3").size());
      OneNode.run(client, "COMMIT");
      everywhere("3", written("100"));
    }
  }
}
