package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

/** For the row that it writes or locks first, after it has read others. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class A_transaction_that_waits {
  private static final int DEADLOCK = 1213;
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int INTERRUPTED = 1317;
  private static final int SHORT_MS = 150;

  /** Longer than it asks without waiting in the database. */
  private static final int LONG_MS = 1_000;

  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    try (Connection root = node.root()) {
      OneNode.run(root, "CREATE DATABASE d");
    }
  }

  @BeforeEach
  void fill() throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE OR REPLACE TABLE d.t (id INT PRIMARY KEY, v INT)",
          "CREATE OR REPLACE TABLE d.other (id INT PRIMARY KEY, v INT)",
          "INSERT INTO d.t VALUES (1, 10), (2, 20)",
          "INSERT INTO d.other VALUES (1, 10)");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  /** The error of the statement, when it ends. */
  private static CompletableFuture<Integer> later(Connection client, String sql) {
    return CompletableFuture.supplyAsync(() -> OneNode.error(client, sql));
  }

  private static void reads(Connection client) throws Exception {
    OneNode.run(client, "BEGIN");
    assertEquals(List.of("10"), OneNode.rows(client, "SELECT v FROM d.other"));
  }

  /** Others change both tables under its eyes, and it goes on as one server's would. */
  private void goesOnAfter(String first, String then) throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(other, "BEGIN", "UPDATE d.t SET v = v + 1 WHERE id = 1");
      reads(one);
      CompletableFuture<Integer> waiting = later(one, first);
      Thread.sleep(SHORT_MS);
      assertFalse(waiting.isDone());
      OneNode.run(other, "UPDATE d.other SET v = v + 1", "COMMIT");
      assertEquals(0, waiting.get());
      assertEquals(List.of("10"), OneNode.rows(one, "SELECT v FROM d.other"));
      OneNode.run(one, then, "COMMIT");
      assertEquals(List.of("12"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      assertEquals(List.of("11"), OneNode.rows(one, "SELECT v FROM d.other"));
    }
  }

  @Test
  void to_write_keeps_its_snapshot() throws Exception {
    goesOnAfter("UPDATE d.t SET v = v + 1 WHERE id = 1", "DO 1");
  }

  @Test
  void to_lock_keeps_its_snapshot() throws Exception {
    goesOnAfter(
        "SELECT v FROM d.t WHERE id = 1 FOR UPDATE", "UPDATE d.t SET v = v + 1 WHERE id = 1");
  }

  @Test
  void hears_of_a_deadlock_by_the_row_that_it_has_already() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(other, "BEGIN", "UPDATE d.t SET v = 21 WHERE id = 2");
      reads(one);
      CompletableFuture<Integer> first = later(one, "UPDATE d.t SET v = 0 WHERE id IN (1, 2)");
      Thread.sleep(SHORT_MS);
      int second = OneNode.error(other, "UPDATE d.t SET v = 11 WHERE id = 1");
      OneNode.run(other, second == 0 ? "COMMIT" : "ROLLBACK");
      assertTrue(
          second == DEADLOCK ^ first.get() == DEADLOCK, () -> second + " and " + first.join());
      OneNode.run(one, "ROLLBACK");
    }
  }

  @Test
  void waits_no_longer_than_it_wants_to() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(other, "BEGIN", "UPDATE d.t SET v = 11 WHERE id = 1");
      OneNode.run(one, "SET innodb_lock_wait_timeout = 1");
      reads(one);
      assertEquals(LOCK_WAIT_TIMEOUT, OneNode.error(one, "DELETE FROM d.t WHERE id = 1"));
      OneNode.run(other, "ROLLBACK");
      OneNode.run(one, "DELETE FROM d.t WHERE id = 1", "COMMIT");
      assertEquals(List.of("2"), OneNode.rows(one, "SELECT id FROM d.t"));
    }
  }

  @Test
  void can_be_interrupted() throws Exception {
    interrupted(SHORT_MS);
    interrupted(LONG_MS);
  }

  private void interrupted(int afterMs) throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(other, "BEGIN", "UPDATE d.t SET v = 11 WHERE id = 1");
      reads(one);
      String id = OneNode.rows(one, "SELECT CONNECTION_ID()").get(0);
      CompletableFuture<Integer> waiting = later(one, "DELETE FROM d.t WHERE id = 1");
      Thread.sleep(afterMs);
      OneNode.run(other, "KILL QUERY " + id);
      assertEquals(INTERRUPTED, waiting.get());
      OneNode.run(other, "ROLLBACK");
      OneNode.run(one, "ROLLBACK");
    }
  }
}
