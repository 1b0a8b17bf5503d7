package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** LOCK TABLES as sessions at other gateways meet it. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class Locked_tables {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration HAMMERED_FOR = Duration.ofSeconds(3);

  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  /** In a schema of its own, everywhere by the time that it is answered. */
  private void schema(String name, String... statements) throws SQLException {
    try (Connection root = root(0, "")) {
      OneNode.run(root, "CREATE DATABASE " + name, "USE " + name);
      OneNode.run(root, statements);
    }
  }

  private Connection root(int node, String schema) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:"
            + cluster.nodes().get(node).mysqlPort()
            + "/"
            + schema
            + "?user=root&useResetConnection=true&sessionVariables=lockstep_consistency='strong'");
  }

  @Test
  void keep_out_who_writes_and_with_WRITE_who_reads() throws Exception {
    schema(
        "kept",
        "CREATE TABLE w (x INT)",
        "CREATE TABLE r (x INT)",
        "CREATE VIEW v AS SELECT * FROM w");
    try (Connection holder = root(0, "kept");
        Connection other = root(1, "kept")) {
      OneNode.run(holder, "LOCK TABLES w WRITE, r READ");
      OneNode.run(other, "SET lock_wait_timeout = 1");
      assertEquals(1205, OneNode.error(other, "SELECT * FROM w"));
      OneNode.run(other, "SET lock_wait_timeout = 0");
      for (String refused :
          List.of(
              "SELECT * FROM v",
              "SELECT * FROM r WHERE x IN (SELECT x FROM w)",
              "INSERT INTO w VALUES (1)",
              "INSERT INTO r VALUES (1)",
              "INSERT INTO r SELECT 1 FROM r WHERE x = UUID()",
              "TRUNCATE w",
              "ALTER TABLE r ADD y INT",
              "DROP TABLE r",
              "DROP DATABASE kept",
              "CREATE TABLE n AS SELECT * FROM w",
              "LOCK TABLES w READ",
              "LOCK TABLES r WRITE",
              "LOCK TABLES r READ, w WRITE WAIT 1",
              "LOCK TABLES v READ NOWAIT")) {
        assertEquals(1205, OneNode.error(other, refused), refused);
      }
      try (PreparedStatement reading = other.prepareStatement("SELECT * FROM w WHERE x = ?")) {
        reading.setInt(1, 1);
        SQLException refused = assertThrows(SQLException.class, reading::executeQuery);
        assertEquals(1205, refused.getErrorCode());
      }
      OneNode.run(other, "SHOW CREATE TABLE w", "DESCRIBE w", "SHOW TABLES");
      assertEquals(List.of(), OneNode.rows(other, "SELECT * FROM r"));
      OneNode.run(other, "LOCK TABLES r READ", "UNLOCK TABLES");
      OneNode.run(holder, "INSERT INTO w VALUES (7)", "UNLOCK TABLES");
      assertEquals(List.of("7"), OneNode.rows(other, "SELECT * FROM v"));
    }
  }

  @Test
  void lose_no_increment_of_nine_clients_at_three_gateways() throws Exception {
    schema("counted", "CREATE TABLE n (x INT)", "INSERT INTO n VALUES (0)");
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int node = i % 3;
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                try (Connection one = root(node, "counted")) {
                  for (int k = 0; k < 10; k++) {
                    OneNode.run(one, "LOCK TABLES n WRITE");
                    int x = Integer.parseInt(OneNode.rows(one, "SELECT x FROM n").get(0));
                    OneNode.run(one, "UPDATE n SET x = " + (x + 1), "UNLOCK TABLES");
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> new Thread(task).start()));
    }
    clients.forEach(CompletableFuture::join);
    try (Connection root = root(0, "counted")) {
      assertEquals(List.of("90"), OneNode.rows(root, "SELECT x FROM n"));
    }
  }

  @Test
  void do_not_change_under_their_holder_while_others_write_as_fast_as_they_can() throws Exception {
    schema("still", "CREATE TABLE n (id INT PRIMARY KEY, x INT)", "INSERT INTO n VALUES (1, 0)");
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int node = i % 3;
      List<String> write =
          i < 6
              ? List.of("UPDATE n SET x = x + 1")
              : List.of("BEGIN", "UPDATE n SET x = x + 1 WHERE id = 1", "COMMIT");
      clients.add(
          CompletableFuture.supplyAsync(
              () -> written(node, write, over), task -> new Thread(task).start()));
    }
    int held = 0;
    try (Connection holder = root(1, "still")) {
      long end = System.nanoTime() + HAMMERED_FOR.toNanos();
      while (System.nanoTime() < end) {
        OneNode.run(holder, "LOCK TABLES n WRITE");
        String before = OneNode.rows(holder, "SELECT x FROM n").get(0);
        OneNode.run(holder, "UPDATE n SET x = x + 1000000");
        String after = OneNode.rows(holder, "SELECT x - 1000000 FROM n").get(0);
        OneNode.run(holder, "UNLOCK TABLES");
        assertEquals(before, after);
        held++;
      }
    } finally {
      over.set(true);
    }
    int written = clients.stream().mapToInt(CompletableFuture::join).sum();
    assertTrue(held > 3 && written > 3, "held " + held + " times, written " + written);
  }

  private int written(int node, List<String> write, AtomicBoolean over) {
    int done = 0;
    try (Connection one = root(node, "still")) {
      while (!over.get()) {
        done += write.stream().mapToInt(sql -> OneNode.error(one, sql)).sum() == 0 ? 1 : 0;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return done;
  }

  @Test
  void show_nobody_what_their_holder_is_in_the_middle_of() throws Exception {
    schema(
        "torn",
        "CREATE TABLE n (id INT PRIMARY KEY, x INT)",
        "INSERT INTO n VALUES (1, 0), (2, 0)");
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int node = i % 3;
      readers.add(
          CompletableFuture.supplyAsync(() -> torn(node, over), task -> new Thread(task).start()));
    }
    try (Connection holder = root(2, "torn")) {
      long end = System.nanoTime() + HAMMERED_FOR.toNanos();
      while (System.nanoTime() < end) {
        OneNode.run(
            holder,
            "LOCK TABLES n WRITE",
            "UPDATE n SET x = x + 1 WHERE id = 1",
            "UPDATE n SET x = x + 1 WHERE id = 2",
            "UNLOCK TABLES");
      }
    } finally {
      over.set(true);
    }
    assertEquals(0, readers.stream().mapToInt(CompletableFuture::join).sum());
  }

  private int torn(int node, AtomicBoolean over) {
    int torn = 0;
    try (Connection one = root(node, "torn")) {
      OneNode.run(one, "SET lockstep_consistency = 'session'");
      while (!over.get()) {
        torn += OneNode.rows(one, "SELECT DISTINCT x FROM n").size() - 1;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return torn;
  }

  @Test
  void are_waited_for_and_the_wait_can_be_seen_and_ended() throws Exception {
    schema("waited", "CREATE TABLE t (x INT)");
    try (Connection holder = root(0, "waited");
        Connection other = root(1, "waited")) {
      OneNode.run(holder, "LOCK TABLES t WRITE");
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(() -> OneNode.error(other, "SELECT * FROM t"));
      long id = other.unwrap(org.mariadb.jdbc.Connection.class).getThreadId();
      String listed = "SELECT STATE FROM information_schema.PROCESSLIST WHERE ID = " + id;
      Waiting.until(
          "the wait",
          SOON,
          PAUSE,
          () -> rows(holder, listed).equals(List.of("Waiting for table metadata lock")));
      OneNode.run(holder, "KILL QUERY " + id);
      assertEquals(1317, waiting.join());
      CompletableFuture<List<String>> reading =
          CompletableFuture.supplyAsync(() -> rows(other, "SELECT * FROM t"));
      OneNode.run(holder, "INSERT INTO t VALUES (1)");
      assertFalse(reading.isDone());
      OneNode.run(holder, "COMMIT", "ROLLBACK", "UNLOCK TABLES");
      assertEquals(List.of("1"), reading.join());
    }
  }

  @Test
  void are_given_back_with_a_transaction_a_reset_and_the_end_of_the_session() throws Exception {
    schema("ended", "CREATE TABLE t (x INT)", "CREATE TABLE u (x INT)");
    try (Connection other = root(1, "ended")) {
      Connection holder = root(0, "ended");
      OneNode.run(holder, "LOCK TABLES t WRITE", "LOCK TABLES u WRITE");
      assertEquals(0, OneNode.error(other, "INSERT INTO t VALUES (1)"));
      OneNode.run(holder, "BEGIN");
      assertEquals(0, OneNode.error(other, "INSERT INTO u VALUES (1)"));
      OneNode.run(holder, "ROLLBACK", "LOCK TABLES u WRITE, t READ");
      assertEquals(0, OneNode.error(holder, "DELETE u FROM u JOIN t USING (x)"));
      OneNode.run(holder, "COMMIT AND CHAIN");
      assertEquals(0, OneNode.error(other, "INSERT INTO u VALUES (2)"));
      OneNode.run(holder, "ROLLBACK", "LOCK TABLES u WRITE");
      holder.unwrap(org.mariadb.jdbc.Connection.class).reset();
      assertEquals(0, OneNode.error(other, "INSERT INTO u VALUES (1)"));
      OneNode.run(holder, "USE ended", "LOCK TABLES u WRITE", "DROP TABLE u");
      assertEquals(0, OneNode.error(other, "CREATE TABLE u (x INT)"));
      OneNode.run(holder, "LOCK TABLES u WRITE");
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(() -> OneNode.error(other, "INSERT INTO u VALUES (1)"));
      holder.close();
      assertEquals(0, waiting.join());
    }
  }

  @Test
  void keep_an_open_transaction_from_committing_until_they_are_given_back() throws Exception {
    schema("open", "CREATE TABLE t (id INT PRIMARY KEY, x INT)", "INSERT INTO t VALUES (1, 0)");
    try (Connection holder = root(0, "open");
        Connection other = root(1, "open")) {
      OneNode.run(other, "BEGIN", "UPDATE t SET x = x + 1 WHERE id = 1");
      OneNode.run(holder, "LOCK TABLES t WRITE");
      CompletableFuture<Integer> committing =
          CompletableFuture.supplyAsync(() -> OneNode.error(other, "COMMIT"));
      assertEquals(List.of("1|0"), OneNode.rows(holder, "SELECT * FROM t"));
      OneNode.run(holder, "UPDATE t SET x = 10");
      assertFalse(committing.isDone());
      OneNode.run(holder, "UNLOCK TABLES");
      assertEquals(0, committing.join());
      assertEquals(List.of("1|11"), OneNode.rows(holder, "SELECT * FROM t"));
      OneNode.run(other, "BEGIN", "SELECT x FROM t FOR UPDATE");
      OneNode.run(other, "UPDATE t SET x = 12");
      OneNode.run(holder, "LOCK TABLES t WRITE", "UPDATE t SET x = 20", "UNLOCK TABLES");
      assertEquals(1213, OneNode.error(other, "COMMIT"));
      OneNode.run(other, "SET lock_wait_timeout = 1", "BEGIN", "UPDATE t SET x = 30");
      OneNode.run(holder, "LOCK TABLES t READ");
      assertEquals(1205, OneNode.error(other, "COMMIT"));
      OneNode.run(holder, "UNLOCK TABLES");
      assertEquals(List.of("1|20"), OneNode.rows(other, "SELECT * FROM t"));
    }
  }

  @Test
  void are_told_to_their_holder_as_one_server_does_it() throws Exception {
    schema(
        "told",
        "CREATE TABLE t (x INT)",
        "CREATE TABLE u (x INT)",
        "CREATE TABLE log (x INT)",
        "CREATE VIEW v AS SELECT * FROM u",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW INSERT INTO log VALUES (NEW.x)",
        "CREATE USER reader IDENTIFIED BY 'x'",
        "GRANT SELECT ON told.* TO reader");
    try (Connection root = root(0, "told");
        Connection other = root(1, "told")) {
      assertEquals(1146, OneNode.error(root, "LOCK TABLES t READ, nosuch WRITE"));
      assertEquals(1066, OneNode.error(root, "LOCK TABLES t READ, t WRITE"));
      OneNode.run(root, "PREPARE s FROM 'LOCK TABLES t AS a READ, t WRITE, v READ'", "EXECUTE s");
      assertEquals(1100, OneNode.error(root, "SELECT * FROM t AS b"));
      assertEquals(1100, OneNode.error(root, "PREPARE s FROM 'SELECT * FROM nosuch'"));
      assertEquals(1099, OneNode.error(root, "DELETE FROM u"));
      OneNode.run(root, "SELECT * FROM t AS a, v", "INSERT INTO t VALUES (1)");
      OneNode.run(other, "SET lock_wait_timeout = 1");
      assertEquals(1205, OneNode.error(other, "SELECT * FROM log"), "the trigger's table");
      assertEquals(1205, OneNode.error(other, "INSERT INTO u VALUES (1)"), "the view's table");
      OneNode.run(root, "CREATE TEMPORARY TABLE mine (x INT)", "INSERT INTO mine VALUES (1)");
      OneNode.run(root, "ALTER TABLE t ADD y INT", "TRUNCATE t", "UNLOCK TABLES");
      OneNode.run(other, "SELECT * FROM log");
      OneNode.run(root, "SET autocommit = 0", "LOCK TABLES t WRITE", "INSERT INTO t VALUES (1, 1)");
      OneNode.run(root, "ROLLBACK");
      assertEquals(1205, OneNode.error(other, "SELECT * FROM t"));
      OneNode.run(root, "INSERT INTO t VALUES (2, 2)", "UNLOCK TABLES");
      assertEquals(List.of("2|2"), OneNode.rows(other, "SELECT * FROM t"));
    }
    try (Connection reader =
        DriverManager.getConnection(
            "jdbc:mariadb://127.0.0.1:" + cluster.nodes().get(0).mysqlPort() + "/told",
            "reader",
            "x")) {
      assertEquals(1044, OneNode.error(reader, "LOCK TABLES t READ"));
    }
  }

  private static List<String> rows(Connection connection, String query) {
    try {
      return OneNode.rows(connection, query);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
