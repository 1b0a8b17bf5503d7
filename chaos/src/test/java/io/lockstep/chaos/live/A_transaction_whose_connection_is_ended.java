package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As an applier ends the connection of a transaction that is in its way, but far more often. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class A_transaction_whose_connection_is_ended {
  private static final int DEADLOCK = 1213;
  private static final int EVERY_MS = 40;

  private final OneNode node;

  A_transaction_whose_connection_is_ended(@TempDir Path folder) throws IOException {
    node = OneNode.start(folder);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void is_run_again_or_refused_with_1213() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (Connection one = node.root();
        Connection database = node.atDatabase("root", "")) {
      OneNode.run(
          one,
          "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
          "CREATE DATABASE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
          "INSERT INTO d.t VALUES (1, 0)");
      CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> end(database, over));
      int committed = 0;
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
      while (System.nanoTime() < until) {
        committed += increments(one) ? 1 : 0;
      }
      over.set(true);
      assertTrue(ended.get(10, TimeUnit.SECONDS) > 20, "hardly anything was ended");
      assertTrue(committed > 0, "nothing was committed");
      assertEquals(List.of(String.valueOf(committed)), OneNode.rows(one, "SELECT v FROM d.t"));
    }
  }

  /** One server's locks keep away what the transaction has read as missing. */
  @Test
  void is_told_of_no_duplicate_of_a_row_that_it_saw_missing() throws Exception {
    try (Connection one = node.root();
        Connection database = node.atDatabase("root", "");
        Connection other = node.atDatabase("root", "")) {
      OneNode.run(
          one,
          "CREATE DATABASE e",
          "CREATE TABLE e.t (id INT PRIMARY KEY)",
          "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
          "BEGIN");
      assertEquals(List.of(), OneNode.rows(one, "SELECT * FROM e.t WHERE id = 7"));
      OneNode.run(other, "BEGIN", "INSERT INTO e.t VALUES (7)");
      CompletableFuture<Integer> insert =
          CompletableFuture.supplyAsync(() -> OneNode.error(one, "INSERT INTO e.t VALUES (7)"));
      String first = inserting(database, "0");
      OneNode.run(database, "KILL " + first);
      inserting(database, first);
      OneNode.run(other, "COMMIT");
      assertEquals(DEADLOCK, insert.get(10, TimeUnit.SECONDS));
    }
  }

  /** The connection of the client that waits to insert, when it is another than before. */
  private static String inserting(Connection database, String before) throws Exception {
    List<String> found = List.of();
    for (int i = 0; found.isEmpty() && i < 500; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      found =
          OneNode.rows(
              database,
              "SELECT id FROM information_schema.processlist WHERE user = 'root'"
                  + " AND info LIKE 'INSERT INTO e.t%' AND id <> CONNECTION_ID() AND id <> "
                  + before);
    }
    return found.get(0);
  }

  /** Whether it was committed; otherwise it was told 1213, and the connection goes on. */
  private static boolean increments(Connection one) throws Exception {
    for (String sql :
        List.of(
            "BEGIN",
            "SAVEPOINT s",
            "SELECT v FROM d.t WHERE id = 1",
            "UPDATE d.t SET v = 0 WHERE id = 1",
            "ROLLBACK TO s",
            "UPDATE d.t SET v = v + 1 WHERE id = 1",
            "COMMIT")) {
      int error = OneNode.error(one, sql);
      if (error != 0) {
        assertEquals(DEADLOCK, error, sql);
        return false;
      }
    }
    return true;
  }

  /** Ends the connections of clients at the database until it is over; how many. */
  private static int end(Connection database, AtomicBoolean over) {
    int ended = 0;
    while (!over.get()) {
      for (String id :
          rowsOrNone(
              database,
              "SELECT id FROM information_schema.processlist"
                  + " WHERE user = 'root' AND id <> CONNECTION_ID()")) {
        ended += OneNode.error(database, "KILL " + id) == 0 ? 1 : 0;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MS));
    }
    return ended;
  }

  private static List<String> rowsOrNone(Connection database, String query) {
    try {
      return OneNode.rows(database, query);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
