package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a transaction read of what it had written or locked, however it got there, is compared at
 * its commit: on one server its locks would have kept others away from it.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class What_a_transaction_touches {
  private static final int DEADLOCK = 1213;
  private static final int NOT_SUPPORTED = 1235;

  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE DATABASE d",
          "USE d",
          "CREATE TABLE t (id INT PRIMARY KEY, v INT)",
          "CREATE VIEW seen AS SELECT * FROM t",
          "CREATE VIEW dated AS SELECT v, NOW(6) AS n, id FROM seen",
          "CREATE VIEW personal AS SELECT v, USER() AS u FROM t",
          "CREATE TABLE total (id INT PRIMARY KEY, n INT)",
          "CREATE TABLE parent (id INT PRIMARY KEY, v INT)",
          "CREATE TABLE `child of` (id INT PRIMARY KEY, p INT, v INT,"
              + " FOREIGN KEY (p) REFERENCES parent (id) ON UPDATE CASCADE)",
          "CREATE TABLE elsewhere (id INT PRIMARY KEY, v INT)",
          "CREATE TRIGGER counts AFTER UPDATE ON t FOR EACH ROW"
              + " UPDATE total SET n = n + 1 WHERE id = 1");
    }
  }

  @BeforeEach
  void fill() throws Exception {
    try (Connection root = node.root()) {
      for (String table : new String[] {"`child of`", "t", "total", "parent", "elsewhere"}) {
        OneNode.run(root, "DELETE FROM d." + table);
      }
      OneNode.run(
          root,
          "INSERT INTO d.t VALUES (1, 10), (2, 20)",
          "INSERT INTO d.total VALUES (1, 0)",
          "INSERT INTO d.parent VALUES (1, 10), (2, 20)",
          "INSERT INTO d.`child of` VALUES (1, 1, 10)",
          "INSERT INTO d.elsewhere VALUES (1, 10)");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  @Test
  void is_also_what_it_reads_through_a_view() throws Exception {
    String update = "UPDATE t SET v = v + 1 WHERE id = 1";
    String others = "UPDATE t SET v = 50 WHERE id = 1";
    assertEquals(DEADLOCK, commit(update, "SELECT v FROM seen WHERE id = 1", others));
    assertEquals(DEADLOCK, commit(update, "SELECT v FROM dated WHERE id = 1", others));
    assertEquals(
        DEADLOCK,
        commit(
            "SELECT v FROM seen WHERE id = 1 FOR UPDATE",
            "UPDATE elsewhere SET v = (SELECT 7)",
            "SELECT v FROM t WHERE id = 1",
            others));
  }

  @Test
  void is_also_what_its_triggers_write() throws Exception {
    assertEquals(
        DEADLOCK,
        commit(
            "UPDATE t SET v = v + 1 WHERE id = 1",
            "SELECT n FROM total WHERE id = 1",
            "UPDATE total SET n = 50 WHERE id = 1"));
  }

  @Test
  void is_also_what_foreign_keys_change_or_lock() throws Exception {
    assertEquals(
        DEADLOCK,
        commit(
            "UPDATE parent SET id = 5 WHERE id = 1",
            "SELECT p, v FROM `child of` WHERE id = 1",
            "UPDATE `child of` SET v = 50 WHERE id = 1"));
    assertEquals(
        DEADLOCK,
        commit(
            "INSERT INTO `child of` VALUES (2, 2, 20)",
            "SELECT v FROM parent WHERE id = 2",
            "UPDATE parent SET v = 50 WHERE id = 2"));
  }

  @Test
  void is_nothing_else() throws Exception {
    String update = "UPDATE t SET v = v + 1 WHERE id = 1";
    assertEquals(
        0, commit(update, "SELECT v FROM elsewhere", "UPDATE elsewhere SET v = 50 WHERE id = 1"));
    assertEquals(
        0, commit(update, "SELECT v FROM dated", "UPDATE elsewhere SET v = 60 WHERE id = 1"));
  }

  @Test
  void cannot_be_read_through_a_view_that_only_this_session_sees_so() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "USE d", "BEGIN");
      assertEquals(0, OneNode.error(one, "SELECT * FROM personal"));
      OneNode.run(one, "UPDATE t SET v = v + 1 WHERE id = 1");
      assertEquals(NOT_SUPPORTED, OneNode.error(one, "SELECT * FROM personal"));
      OneNode.run(one, "ROLLBACK");
    }
  }

  /** The last statement is another node's, all others the transaction's; how its COMMIT ends. */
  private int commit(String... statements) throws Exception {
    fill();
    try (Connection one = node.root()) {
      OneNode.run(one, "USE d", "BEGIN");
      for (int i = 0; i < statements.length - 1; i++) {
        OneNode.run(one, statements[i]);
      }
      node.elsewhere("d", statements[statements.length - 1]);
      return OneNode.error(one, "COMMIT");
    }
  }
}
