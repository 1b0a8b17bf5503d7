package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lock that nobody holds must not be promised. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_locking_read {
  private static final String LOCKING = "SELECT a FROM d.t WHERE a = 1 FOR UPDATE";

  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE DATABASE d",
          "CREATE TABLE d.t (a INT PRIMARY KEY)",
          "INSERT INTO d.t VALUES (1)");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  @Test
  void is_a_read_in_autocommit_where_its_lock_would_end_at_once() throws Exception {
    try (Connection client = node.root()) {
      assertEquals(List.of("1"), OneNode.rows(client, LOCKING));
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void excludes_others_at_its_node_until_the_transaction_ends() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN");
      assertEquals(List.of("1"), OneNode.rows(one, LOCKING));
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1", "BEGIN");
      assertEquals(1205, OneNode.error(other, LOCKING));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1"), OneNode.rows(other, LOCKING));
      OneNode.run(other, "ROLLBACK");
    }
  }

  @Test
  void holds_its_lock_without_autocommit() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "SET autocommit = 0");
      assertEquals(List.of("1"), OneNode.rows(one, LOCKING));
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1", "BEGIN");
      assertEquals(1205, OneNode.error(other, LOCKING));
      OneNode.run(other, "ROLLBACK");
    }
  }

  @Test
  void holds_its_lock_in_a_transaction_though_it_was_prepared_in_autocommit() throws Exception {
    try (Connection client = node.root("&useServerPrepStmts=true");
        Connection other = node.root();
        PreparedStatement locking = client.prepareStatement(LOCKING)) {
      locking.executeQuery().close();
      OneNode.run(client, "SET autocommit = 0");
      locking.executeQuery().close();
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1", "BEGIN");
      assertEquals(1205, OneNode.error(other, LOCKING));
      OneNode.run(other, "ROLLBACK");
    }
  }

  /** The one whose rows come later in the order of the query commits first. */
  @Test
  void skips_rows_that_are_still_there_when_it_commits() throws Exception {
    String next =
        "SELECT id, v FROM d.queue WHERE done = 0 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
    try (Connection one = node.root("&useServerPrepStmts=true");
        Connection other = node.root("&useServerPrepStmts=true");
        PreparedStatement ofOne = one.prepareStatement(next);
        PreparedStatement ofOther = other.prepareStatement(next)) {
      OneNode.run(
          one,
          "CREATE OR REPLACE TABLE d.queue (id VARCHAR(36) PRIMARY KEY, v DOUBLE, done INT)",
          "INSERT INTO d.queue VALUES ('a', 1.5, 0), ('b', 2.5, 0), ('c', 3.5, 0)",
          "BEGIN");
      OneNode.run(other, "BEGIN");
      assertEquals("a 1.5", row(ofOne));
      assertEquals("b 2.5", row(ofOther));
      OneNode.run(other, "UPDATE d.queue SET done = 1 WHERE id = 'b'");
      assertEquals("c 3.5", row(ofOther));
      OneNode.run(other, "COMMIT");
      assertEquals(List.of("a|1.5"), OneNode.rows(one, next));
      OneNode.run(one, "UPDATE d.queue SET done = 1 WHERE id = 'a'", "COMMIT", "BEGIN");
      OneNode.run(other, "BEGIN", "SELECT * FROM d.queue FOR UPDATE");
      assertEquals(List.of(), OneNode.rows(one, next));
      OneNode.run(other, "COMMIT");
      OneNode.run(one, "INSERT INTO d.queue VALUES ('d', 0, 0)", "COMMIT");
      assertEquals(
          List.of("a|1", "b|1", "c|0", "d|0"),
          OneNode.rows(one, "SELECT id, done FROM d.queue ORDER BY id"));
    }
  }

  private static String row(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getString(1) + " " + rows.getDouble(2);
    }
  }

  @Test
  void skips_rows_that_others_lock_and_commits_what_it_did_with_the_rest() throws Exception {
    String next = "SELECT a FROM d.jobs ORDER BY a LIMIT 1 FOR UPDATE SKIP LOCKED";
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(
          one,
          "CREATE OR REPLACE TABLE d.jobs (a INT PRIMARY KEY)",
          "INSERT INTO d.jobs VALUES (1), (2), (3)");
      OneNode.run(one, "BEGIN");
      OneNode.run(other, "BEGIN");
      assertEquals(List.of("1"), OneNode.rows(one, next));
      assertEquals(List.of("2"), OneNode.rows(other, next));
      OneNode.run(one, "DELETE FROM d.jobs WHERE a = 1", "COMMIT");
      OneNode.run(other, "DELETE FROM d.jobs WHERE a = 2", "COMMIT");
      assertEquals(List.of("3"), OneNode.rows(one, "SELECT a FROM d.jobs"));
    }
  }

  /** The order takes its branch away for one row, and with it the lock on another. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void protects_what_was_read_behind_it_though_its_branch_had_to_make_way() throws Exception {
    String mutex = "SELECT a FROM d.mutex WHERE a = 1 FOR UPDATE";
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(
          one,
          "CREATE TABLE d.mutex (a INT PRIMARY KEY)",
          "CREATE TABLE d.stock (a INT PRIMARY KEY, n INT)",
          "CREATE TABLE d.hits (a INT PRIMARY KEY, n INT)",
          "CREATE TABLE d.sold (a INT PRIMARY KEY, n INT)",
          "INSERT INTO d.mutex VALUES (1)",
          "INSERT INTO d.stock VALUES (1, 5)",
          "INSERT INTO d.hits VALUES (1, 0)",
          "BEGIN");
      assertEquals(List.of("1"), OneNode.rows(one, mutex));
      assertEquals(List.of("5"), OneNode.rows(one, "SELECT n FROM d.stock WHERE a = 1"));
      OneNode.run(
          one, "UPDATE d.hits SET n = n + 1 WHERE a = 1", "INSERT INTO d.sold VALUES (1, 5)");
      node.elsewhere("d", "UPDATE hits SET n = n + 1 WHERE a = 1");
      OneNode.run(other, "BEGIN");
      assertEquals(List.of("1"), OneNode.rows(other, mutex));
      OneNode.run(other, "UPDATE d.stock SET n = 0 WHERE a = 1", "COMMIT");
      assertEquals(1213, OneNode.error(one, "COMMIT"));
      assertEquals(List.of(), OneNode.rows(one, "SELECT * FROM d.sold"));
    }
  }

  private static Connection committed(OneNode node, String... first) throws Exception {
    Connection client = node.root();
    OneNode.run(client, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "BEGIN");
    OneNode.run(client, first);
    return client;
  }

  @Test
  void that_finds_nothing_at_read_committed_keeps_nobody_out() throws Exception {
    String locking = "SELECT a FROM d.t WHERE a = 7 ORDER BY a LIMIT 21 FOR UPDATE";
    for (String before : List.of("DO 1", "INSERT INTO d.t VALUES (8)")) {
      try (Connection one = committed(node, before);
          Connection other = node.root()) {
        assertEquals(List.of(), OneNode.rows(one, locking));
        OneNode.run(other, "INSERT INTO d.t VALUES (7)");
        assertEquals(1062, OneNode.error(one, "INSERT INTO d.t VALUES (7)"));
        assertEquals(List.of("7"), OneNode.rows(one, locking));
        OneNode.run(one, "UPDATE d.t SET a = 9 WHERE a = 7", "COMMIT");
        assertEquals(List.of("9"), OneNode.rows(other, "SELECT a FROM d.t WHERE a IN (7, 9)"));
        OneNode.run(other, "DELETE FROM d.t WHERE a > 1");
      }
    }
  }

  @Test
  void that_leaves_out_rows_which_it_has_locked_is_compared() throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(root, "CREATE TABLE d.u (a INT PRIMARY KEY)");
    }
    for (String empty :
        List.of(
            "SELECT t.a FROM d.t JOIN d.u ON u.a = t.a WHERE t.a = 1 FOR UPDATE",
            "SELECT a FROM d.t WHERE a <= 1 LIMIT 1, 1 FOR UPDATE",
            "SELECT a FROM d.t WHERE a <= 1 LIMIT 1 OFFSET 1 FOR UPDATE",
            "SELECT a FROM d.t WHERE a <= 1 GROUP BY a HAVING COUNT(*) > a FOR UPDATE")) {
      try (Connection one = committed(node);
          Connection other = node.root()) {
        assertEquals(List.of(), OneNode.rows(one, empty), empty);
        OneNode.run(
            other, "BEGIN", "INSERT INTO d.t VALUES (0)", "INSERT INTO d.u VALUES (1)", "COMMIT");
        OneNode.run(one, "INSERT INTO d.t VALUES (8)");
        assertEquals(1213, OneNode.error(one, "COMMIT"), empty);
        OneNode.run(other, "DELETE FROM d.t WHERE a <> 1", "DELETE FROM d.u");
      }
    }
  }
}
