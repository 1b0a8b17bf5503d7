package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class A_transaction {
  private static final int DEADLOCK = 1213;
  private static final int DUPLICATE = 1062;
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int READ_ONLY = 1792;
  private static final int NOT_SUPPORTED = 1235;

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
          "CREATE OR REPLACE TABLE d.t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "INSERT INTO d.t (v) VALUES (10), (20)");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  private static List<String> all(Connection client) throws Exception {
    return OneNode.rows(client, "SELECT id, v FROM d.t ORDER BY id");
  }

  @Test
  void takes_effect_for_others_at_its_commit_and_for_itself_at_once() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(
          one, "BEGIN", "INSERT INTO d.t (v) VALUES (30)", "UPDATE d.t SET v = 11 WHERE id = 1");
      assertEquals(List.of("1|11", "2|20", "3|30"), all(one));
      assertEquals(List.of("1|10", "2|20"), all(other));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|11", "2|20", "3|30"), all(other));
    }
  }

  @Test
  void leaves_nothing_when_it_is_rolled_back() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN", "DELETE FROM d.t", "ROLLBACK");
      assertEquals(List.of("1|10", "2|20"), all(one));
    }
  }

  @Test
  void is_told_the_ids_that_it_will_have() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "INSERT INTO d.t (v) VALUES (1), (2)");
      OneNode.run(other, "INSERT INTO d.t (v) VALUES (3)");
      assertEquals(List.of("3"), OneNode.rows(one, "SELECT LAST_INSERT_ID()"));
      OneNode.run(one, "INSERT INTO d.t (v) VALUES (4)");
      assertEquals(List.of("6"), OneNode.rows(one, "SELECT LAST_INSERT_ID()"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|10", "2|20", "3|1", "4|2", "5|3", "6|4"), all(other));
    }
  }

  @Test
  void leaves_no_gap_behind_many_rows_one_by_one() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      insertsOneByOne(one, 100, "COMMIT");
      OneNode.run(other, "INSERT INTO d.t (v) VALUES (30)");
      assertEquals(List.of("103|103"), OneNode.rows(other, "SELECT MAX(id), COUNT(*) FROM d.t"));
    }
  }

  @Test
  void burns_the_ids_of_its_rows_and_no_more_when_it_is_rolled_back() throws Exception {
    try (Connection one = node.root()) {
      insertsOneByOne(one, 100, "ROLLBACK");
      OneNode.run(one, "INSERT INTO d.t (v) VALUES (30)");
      assertEquals(List.of("103|3"), OneNode.rows(one, "SELECT MAX(id), COUNT(*) FROM d.t"));
    }
  }

  @Test
  void takes_no_id_twice_though_others_name_one_that_it_took_ahead() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      insertsOneByOne(one, 40, "SELECT 1");
      OneNode.run(other, "INSERT INTO d.t VALUES (45, 0)");
      OneNode.run(one, "COMMIT");
      for (int row = 0; row < 5; row++) {
        OneNode.run(other, "INSERT INTO d.t (v) VALUES (30)");
      }
      assertEquals(List.of("50|48"), OneNode.rows(other, "SELECT MAX(id), COUNT(*) FROM d.t"));
    }
  }

  private static void insertsOneByOne(Connection client, int rows, String end) throws Exception {
    OneNode.run(client, "BEGIN");
    for (int row = 0; row < rows; row++) {
      OneNode.run(client, "INSERT INTO d.t (v) VALUES (1)");
    }
    OneNode.run(client, end);
  }

  @Test
  void keeps_its_own_time_for_what_it_writes() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(
          one,
          "CREATE OR REPLACE TABLE d.moments (id INT PRIMARY KEY, at DATETIME(6), r DOUBLE)",
          "BEGIN",
          "INSERT INTO d.moments VALUES (1, NOW(6), RAND())");
      List<String> seen = OneNode.rows(one, "SELECT * FROM d.moments");
      OneNode.run(one, "COMMIT");
      assertEquals(seen, OneNode.rows(one, "SELECT * FROM d.moments"));
    }
  }

  @Test
  void is_refused_when_what_it_locked_was_written_meanwhile() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN");
      OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1 FOR UPDATE");
      OneNode.run(one, "UPDATE d.t SET v = v + 1 WHERE id = 2");
      node.elsewhere("d", "UPDATE d.t SET v = 100 WHERE id = 1");
      assertEquals(DEADLOCK, OneNode.error(one, "COMMIT"));
      assertEquals(List.of("1|100", "2|20"), all(one));
    }
  }

  @Test
  void is_refused_when_it_read_back_what_is_no_longer_so() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "UPDATE d.t SET v = v + 1 WHERE id = 1");
      assertEquals(List.of("11"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      node.elsewhere("d", "UPDATE d.t SET v = 50 WHERE id = 1");
      assertEquals(DEADLOCK, OneNode.error(one, "COMMIT"));
      assertEquals(List.of("1|50", "2|20"), all(other));
    }
  }

  @Test
  void makes_way_for_others_and_goes_on_when_it_has_seen_nothing_else() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "UPDATE d.t SET v = v + 1 WHERE id = 1");
      node.elsewhere("d", "UPDATE d.t SET v = v + 100 WHERE id = 1");
      OneNode.run(one, "UPDATE d.t SET v = v + 1 WHERE id = 2", "COMMIT");
      assertEquals(List.of("1|111", "2|21"), all(other));
    }
  }

  /** As on one server, where a write meets the rows of now whatever was read before. */
  @Test
  void goes_on_writing_when_it_made_way_though_what_it_read_is_no_longer_so() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      readsAndMakesWay(one);
      OneNode.run(one, "UPDATE d.t SET v = v + 100 WHERE id = 1", "COMMIT");
      assertEquals(List.of("1|116", "2|99"), all(other));
    }
  }

  @Test
  void does_not_go_on_reading_in_another_state_than_it_has_read() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      readsAndMakesWay(one);
      OneNode.run(one, "UPDATE d.t SET v = v + 100 WHERE id = 1");
      assertEquals(DEADLOCK, OneNode.error(one, "SELECT v FROM d.t WHERE id = 2"));
      assertEquals(List.of("1|15", "2|99"), all(other));
      OneNode.run(one, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      readsAndMakesWay(one);
      assertEquals(List.of("99"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 2"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|21", "2|99"), all(other));
    }
  }

  private void readsAndMakesWay(Connection one) throws Exception {
    OneNode.run(one, "BEGIN");
    OneNode.rows(one, "SELECT v FROM d.t WHERE id = 2");
    OneNode.run(one, "UPDATE d.t SET v = v + 1 WHERE id = 1");
    node.elsewhere(
        "d", "UPDATE d.t SET v = 99 WHERE id = 2", "UPDATE d.t SET v = v + 5 WHERE id = 1");
  }

  @Test
  void keeps_the_rows_of_temporary_tables_at_its_commit_only() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(
          one,
          "CREATE TEMPORARY TABLE d.mine (id INT AUTO_INCREMENT PRIMARY KEY, a INT)",
          "BEGIN",
          "INSERT INTO d.mine (a) VALUES (1)",
          "INSERT INTO d.t VALUES (7, 7)",
          "COMMIT",
          "BEGIN",
          "INSERT INTO d.mine (a) VALUES (2)",
          "ROLLBACK");
      assertEquals(List.of("1|1"), OneNode.rows(one, "SELECT * FROM d.mine"));
    }
  }

  @Test
  void writes_temporary_tables_by_the_rows_of_others() throws Exception {
    for (String autocommit : List.of("1", "0")) {
      try (Connection one = node.root()) {
        OneNode.run(
            one,
            "USE d",
            "SET autocommit = " + autocommit,
            "CREATE TEMPORARY TABLE d.own (a INT, b INT)",
            "CREATE TEMPORARY TABLE d.more (a INT)",
            "INSERT INTO d.own (a) SELECT id FROM d.t",
            "INSERT INTO d.more VALUES (1)",
            "UPDATE d.own SET b = (SELECT v FROM d.t WHERE id = a)",
            "UPDATE d.own JOIN d.more USING (a) SET own.b = own.b + 1",
            "COMMIT");
        assertEquals(List.of("11", "20"), OneNode.rows(one, "SELECT b FROM d.own ORDER BY b"));
        OneNode.run(one, "BEGIN", "INSERT INTO d.own SELECT id, v FROM d.t", "COMMIT");
        OneNode.run(one, "DELETE FROM d.own WHERE a IN (SELECT id FROM d.t WHERE v = 20)");
        assertEquals(List.of("10", "11"), OneNode.rows(one, "SELECT b FROM d.own ORDER BY b"));
      }
    }
  }

  @Test
  void does_not_keep_a_definition_waiting() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "UPDATE d.t SET v = v + 1 WHERE id = 1");
      OneNode.run(other, "ALTER TABLE d.t ADD x INT");
      OneNode.run(one, "UPDATE d.t SET v = v + 1 WHERE id = 1");
      assertEquals(List.of("12"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("12"), OneNode.rows(other, "SELECT v FROM d.t WHERE id = 1"));
    }
  }

  @Test
  void is_committed_when_definitions_of_others_have_changed() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "INSERT INTO d.t (v) VALUES (30)");
      OneNode.run(other, "CREATE TABLE d.elsewhere (id INT)", "DROP TABLE d.elsewhere");
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|10", "2|20", "3|30"), all(other));
    }
  }

  @Test
  void is_refused_when_a_definition_has_changed_what_it_does() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN", "UPDATE d.t SET v = v + 1");
      OneNode.run(
          other,
          "CREATE TABLE IF NOT EXISTS d.told (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "CREATE TRIGGER d.tell AFTER UPDATE ON d.t FOR EACH ROW"
              + " INSERT INTO d.told (v) VALUES (NEW.v)");
      assertEquals(DEADLOCK, OneNode.error(one, "COMMIT"));
      OneNode.run(other, "DROP TRIGGER d.tell");
      assertEquals(List.of("1|10", "2|20"), all(other));
    }
  }

  @Test
  void excludes_write_skew_when_it_is_serializable() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      String serializable = "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE";
      OneNode.run(one, serializable, "BEGIN");
      OneNode.run(other, serializable, "BEGIN");
      OneNode.rows(one, "SELECT SUM(v) FROM d.t");
      OneNode.rows(other, "SELECT SUM(v) FROM d.t");
      OneNode.run(one, "UPDATE d.t SET v = 0 WHERE id = 1");
      OneNode.run(other, "UPDATE d.t SET v = 0 WHERE id = 2");
      OneNode.run(one, "COMMIT");
      assertEquals(DEADLOCK, OneNode.error(other, "COMMIT"));
      assertEquals(List.of("1|0", "2|20"), all(one));
    }
  }

  @Test
  void is_told_of_no_duplicate_of_a_row_that_it_saw_missing() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "BEGIN");
      assertEquals(List.of(), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 7"));
      OneNode.run(other, "INSERT INTO d.t VALUES (7, 7)");
      assertEquals(DEADLOCK, OneNode.error(one, "INSERT INTO d.t VALUES (7, 8)"));
      OneNode.run(one, "BEGIN");
      assertEquals(List.of("7"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 7"));
      assertEquals(DUPLICATE, OneNode.error(one, "INSERT INTO d.t VALUES (7, 8)"));
      OneNode.run(one, "ROLLBACK");
    }
  }

  @Test
  void keeps_its_connection_when_it_loses_a_deadlock_amid_an_answer() throws Exception {
    String first = "SELECT v FROM d.t WHERE id = 1 FOR UPDATE";
    String second = "SELECT v FROM d.t WHERE id = 2 FOR UPDATE";
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "BEGIN");
      OneNode.run(other, "BEGIN");
      OneNode.rows(one, first);
      OneNode.rows(other, second);
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(() -> OneNode.error(one, second));
      int here = OneNode.error(other, first);
      OneNode.run(other, "ROLLBACK");
      int there = waiting.get();
      OneNode.run(one, "ROLLBACK");
      assertTrue(Set.of(0, DEADLOCK).containsAll(List.of(here, there)), here + " and " + there);
    }
  }

  @Test
  void does_not_read_what_could_not_be_compared() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN");
      assertEquals(NOT_SUPPORTED, OneNode.error(one, "SELECT v, UUID() FROM d.t FOR UPDATE"));
      assertEquals(0, OneNode.error(one, "SELECT v, UUID() FROM d.t"));
      OneNode.run(one, "ROLLBACK", "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "BEGIN");
      assertEquals(NOT_SUPPORTED, OneNode.error(one, "SELECT v, USER() FROM d.t"));
      OneNode.run(one, "ROLLBACK");
    }
  }

  @Test
  void goes_on_after_an_error_of_one_statement() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN", "INSERT INTO d.t VALUES (7, 7)");
      assertEquals(DUPLICATE, OneNode.error(one, "INSERT INTO d.t VALUES (1, 1)"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|10", "2|20", "7|7"), all(one));
    }
  }

  @Test
  void goes_back_to_a_savepoint() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(
          one,
          "BEGIN",
          "INSERT INTO d.t VALUES (7, 7)",
          "SAVEPOINT a",
          "INSERT INTO d.t VALUES (8, 8)",
          "ROLLBACK TO SAVEPOINT a",
          "COMMIT");
      assertEquals(List.of("1|10", "2|20", "7|7"), all(one));
    }
  }

  @Test
  void begins_by_itself_without_autocommit_and_ends_when_that_comes_back() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "SET autocommit = 0", "INSERT INTO d.t VALUES (7, 7)");
      assertEquals(List.of("1|10", "2|20"), all(other));
      OneNode.run(one, "SET autocommit = 1");
      assertEquals(List.of("1|10", "2|20", "7|7"), all(other));
    }
  }

  @Test
  void is_committed_by_a_definition_and_by_the_next_begin() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(
          one, "BEGIN", "INSERT INTO d.t VALUES (7, 7)", "CREATE OR REPLACE TABLE d.u (a INT)");
      OneNode.run(one, "BEGIN", "INSERT INTO d.t VALUES (8, 8)", "BEGIN", "ROLLBACK");
      assertEquals(List.of("1|10", "2|20", "7|7", "8|8"), all(other));
    }
  }

  @Test
  void writes_nothing_when_it_is_read_only() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "START TRANSACTION READ ONLY");
      assertEquals(READ_ONLY, OneNode.error(one, "DELETE FROM d.t"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "SET autocommit = 0", "SET SESSION TRANSACTION READ ONLY");
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "START TRANSACTION READ ONLY");
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "COMMIT");
    }
  }

  /**
   * As loaders of dumps insert; InnoDB would lock the whole table, and empty it again at an error.
   */
  @Test
  void shares_an_empty_table_with_others_even_if_keys_are_not_to_be_checked() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "CREATE OR REPLACE TABLE d.empty (a INT PRIMARY KEY, b INT UNIQUE)");
      for (Connection each : List.of(one, other)) {
        OneNode.run(each, "SET unique_checks = 0, foreign_key_checks = 0", "BEGIN");
      }
      OneNode.run(one, "INSERT INTO d.empty VALUES (1, 1)");
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1", "INSERT INTO d.empty VALUES (2, 2)");
      assertEquals(1062, OneNode.error(one, "INSERT INTO d.empty VALUES (3, 1)"));
      OneNode.run(one, "COMMIT");
      OneNode.run(other, "COMMIT");
      assertEquals(List.of("1", "2"), OneNode.rows(one, "SELECT a FROM d.empty ORDER BY a"));
    }
  }

  /** What each answers comes from a plain MariaDB 10.11; {@code U} writes. */
  @Test
  void only_reads_where_it_was_set_to_before_it_began() throws Exception {
    String next = "SET TRANSACTION READ ONLY";
    String usual = "SET SESSION TRANSACTION READ ONLY";
    assertEquals("0 1792 1792", codes(next, "U", "U"));
    assertEquals("0 0 1792", codes(next, "SELECT 1", "U"));
    assertEquals("0 0 0", codes(next, "SELECT * FROM d.t", "U"));
    assertEquals("0 0 0 1792 0 0", codes(next, "BEGIN", "SELECT * FROM d.t", "U", "COMMIT", "U"));
    assertEquals("0 0 0 0 0", codes(next, "START TRANSACTION READ WRITE", "U", "COMMIT", "U"));
    assertEquals("0 1568 0 0 0", codes("BEGIN", next, "U", "COMMIT", "U"));
    assertEquals("0 0 0 0 1792", codes("BEGIN", usual, "U", "COMMIT", "U"));
    assertEquals("0 0 0 1792", codes(usual, "SET TRANSACTION READ WRITE", "U", "U"));
    assertEquals("0 0 0 0 1792", codes(usual, "START TRANSACTION READ WRITE", "U", "COMMIT", "U"));
    assertEquals("0 1792 1792", codes("SET @@tx_read_only = 1", "U", "U"));
    assertEquals("0 1568", codes("BEGIN", "SET @@tx_read_only = 1"));
    String among = "SET SESSION sql_mode = '', autocommit = 1, tx_read_only = ";
    assertEquals("0 1792", codes(among + 1, "U"));
    assertEquals("0 0 1792", codes("SET autocommit = 0", among + 1, "U"));
    assertEquals("0 0 0 0", codes(usual, "SET autocommit = 0", among + 0, "U"));
    assertEquals("1193 0", codes(among + "1, no_such = 1", "U"));
    assertEquals("0 1792", codes("SET @a = 1, SESSION tx_read_only = 1, NAMES utf8mb4", "U"));
    assertEquals("1235 0", codes("SET @`a b` = 1, SESSION tx_read_only = 1", "U"));
    assertEquals("0 0 0", codes(next, "CREATE OR REPLACE TABLE d.u (a INT)", "U"));
    assertEquals("0 0 0", codes(next, "COMMIT", "U"));
    assertEquals("0 0 0 1792 0 0", codes(next, "BEGIN", "ROLLBACK AND CHAIN", "U", "COMMIT", "U"));
    assertEquals("0 0 1792 0 0", codes("SET autocommit = 0", next, "U", "COMMIT", "U"));
    assertEquals("0 0 0 0 0 1792", codes("SET autocommit = 0", "U", usual, "U", "COMMIT", "U"));
    String both = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY";
    assertEquals("0 0 1792 0 0", codes(both, "BEGIN", "U", "COMMIT", "U"));
    try (Connection one = node.root()) {
      OneNode.run(one, next);
      assertEquals(List.of("0"), OneNode.rows(one, "SELECT @@SESSION.tx_read_only"));
      OneNode.run(one, usual);
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT @@SESSION.tx_read_only"));
    }
  }

  /** What each answers comes from a plain MariaDB 10.11. */
  @Test
  void is_committed_before_a_definition_and_then_the_session_may_still_only_read()
      throws Exception {
    String create = "CREATE OR REPLACE TABLE d.u (a INT)";
    String reads = "START TRANSACTION READ ONLY";
    String usual = "SET SESSION TRANSACTION READ ONLY";
    assertEquals("0 0 0 0", codes(reads, create, "DROP TABLE d.u", "U"));
    assertEquals("0 0 0", codes(reads, "CREATE OR REPLACE TABLE d.u AS SELECT 1 AS a", "U"));
    assertEquals("0 0 0", codes(reads, "CREATE USER reader", "DROP USER reader"));
    assertEquals("0 1792 1792", codes(usual, create, "CREATE USER reader"));
    assertEquals("0 1792 0", codes(usual, "LOCK TABLES d.t WRITE", "LOCK TABLES d.t READ"));
    assertEquals(
        "0 0 0 1792 0", codes("BEGIN", "INSERT INTO d.t VALUES (5, 5)", usual, create, "ROLLBACK"));
    try (Connection one = node.root()) {
      assertEquals(List.of("5"), OneNode.rows(one, "SELECT id FROM d.t WHERE id = 5"));
    }
  }

  /** Rows keep the locks under which they were read, whatever a savepoint undoes. */
  @Test
  void is_held_to_what_it_read_behind_rows_that_a_savepoint_undid() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN", "SAVEPOINT s", "UPDATE d.t SET v = v + RAND() + 1 LIMIT 2");
      OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1 FOR UPDATE");
      OneNode.run(one, "ROLLBACK TO s");
      node.elsewhere("d", "UPDATE d.t SET v = 100 WHERE id = 1");
      assertEquals(1213, OneNode.error(one, "INSERT INTO d.t (v) VALUES (30)"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("1|100", "2|20"), all(one));
    }
  }

  /** As connection pools use it that hand out connections without autocommit. */
  @Test
  void reads_anew_after_its_commit_where_the_session_only_reads() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "SET SESSION TRANSACTION READ ONLY", "SET autocommit = 0");
      assertEquals(List.of("10"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      OneNode.run(other, "UPDATE d.t SET v = 11 WHERE id = 1");
      assertEquals(List.of("10"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      OneNode.run(one, "SET SESSION TRANSACTION READ WRITE");
      assertEquals(READ_ONLY, OneNode.error(one, "UPDATE d.t SET v = 12 WHERE id = 1"));
      OneNode.run(one, "COMMIT");
      assertEquals(List.of("11"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      OneNode.run(one, "UPDATE d.t SET v = 12 WHERE id = 1", "ROLLBACK");
      OneNode.run(one, "SET SESSION TRANSACTION READ ONLY", "SAVEPOINT s");
      assertEquals(List.of("11"), OneNode.rows(one, "SELECT v FROM d.t WHERE id = 1"));
      OneNode.run(other, "UPDATE d.t SET v = 13 WHERE id = 1");
      OneNode.run(one, "ROLLBACK TO SAVEPOINT s", "COMMIT");
      try (PreparedStatement prepared = one.prepareStatement("SELECT v FROM d.t WHERE id = 1")) {
        assertEquals("13", first(prepared));
        OneNode.run(other, "UPDATE d.t SET v = 14 WHERE id = 1");
        assertEquals("13", first(prepared));
        OneNode.run(one, "ROLLBACK");
        assertEquals("14", first(prepared));
      }
    }
  }

  private static String first(PreparedStatement query) throws Exception {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Without one it locks nothing, but one server looks at what the session may do. */
  @Test
  void locks_nothing_for_a_session_that_only_reads() throws Exception {
    String usual = "SET SESSION TRANSACTION READ ONLY";
    String locks = "SELECT * FROM d.t FOR UPDATE";
    assertEquals("0 1792 0", codes(usual, locks, "SELECT * FROM d.t LOCK IN SHARE MODE"));
    assertEquals("0 1792 1792", codes("START TRANSACTION READ ONLY", locks, "U"));
    try (Connection one = node.root("&useServerPrepStmts=true")) {
      OneNode.run(one, usual);
      assertEquals(READ_ONLY, prepared(one, locks));
      OneNode.run(one, "SET SESSION TRANSACTION READ WRITE");
      assertEquals(0, prepared(one, locks));
    }
  }

  private static int prepared(Connection client, String sql) throws Exception {
    try (PreparedStatement statement = client.prepareStatement(sql)) {
      statement.execute();
      return 0;
    } catch (SQLException refused) {
      return refused.getErrorCode();
    }
  }

  @Test
  void writes_what_is_prepared_after_its_snapshot() throws Exception {
    try (Connection one = node.root("&useServerPrepStmts=true")) {
      OneNode.run(one, "CREATE OR REPLACE SEQUENCE d.s");
      String begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
      OneNode.run(one, begin);
      assertEquals(0, prepared(one, "INSERT INTO d.t VALUES (3, 30)"));
      OneNode.run(one, "COMMIT", begin, "PREPARE st FROM 'INSERT INTO d.t VALUES (?, 40)'");
      OneNode.run(one, "SET @id = 4", "EXECUTE st USING @id", "COMMIT", begin);
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT NEXTVAL(d.s)"));
      OneNode.run(one, "ROLLBACK");
      assertEquals(List.of("1|10", "2|20", "3|30", "4|40"), all(one));
    }
  }

  /** As InnoDB does it for all but queries. */
  @Test
  void locks_what_a_variable_is_set_to() throws Exception {
    String set = "SET @v = (SELECT v FROM d.t WHERE id = 1)";
    String write = "UPDATE d.t SET v = @v + 1 WHERE id = 1";
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(one, "SET autocommit = 0", set);
      assertEquals(List.of("10|10"), OneNode.rows(one, "SELECT @v, v FROM d.t WHERE id = 1"));
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1");
      assertEquals(LOCK_WAIT_TIMEOUT, OneNode.error(other, write));
      OneNode.run(one, write, "COMMIT", set);
      assertEquals(List.of("11"), OneNode.rows(one, "SELECT @v"));
      OneNode.run(one, "ROLLBACK");
      OneNode.run(other, "UPDATE d.t SET v = v + 1 WHERE id = 1");
      assertEquals(List.of("1|12", "2|20"), all(other));
    }
  }

  /** It would be computed in the branch, and what a function writes there would be lost. */
  @Test
  void does_not_compute_from_tables_what_is_set_elsewhere() throws Exception {
    String rows = "(SELECT 100000 + COUNT(*) FROM d.t)";
    String global = "SET GLOBAL sort_buffer_size = ";
    assertEquals("0 1235 0", codes("BEGIN", global + rows, "ROLLBACK"));
    assertEquals("0 1235", codes("BEGIN", "SET lockstep_consistency = " + rows));
    assertEquals("0 0 0", codes("BEGIN", "SET @x = " + rows, global + "@x"));
    assertEquals("0", codes(global + rows));
    assertEquals("0", codes(global + "DEFAULT"));
  }

  @Test
  void keeps_what_a_function_writes_whose_value_a_variable_is_set_to() throws Exception {
    try (Connection one = node.root();
        Connection other = node.root()) {
      OneNode.run(
          one,
          "CREATE OR REPLACE FUNCTION d.writes(x INT) RETURNS INT MODIFIES SQL DATA"
              + " BEGIN INSERT INTO d.t VALUES (x, x); RETURN x; END",
          "SET @x = d.writes(31)");
      assertEquals(List.of("1|10", "2|20", "31|31"), all(other));
      OneNode.run(one, "BEGIN", "INSERT INTO d.t VALUES (32, 32)", "SET @x = d.writes(33)");
      assertEquals(List.of("33"), OneNode.rows(one, "SELECT @x"));
      OneNode.run(one, "COMMIT", "SET autocommit = 0", "SET @x = d.writes(34)", "ROLLBACK");
      OneNode.run(one, "SET @x = d.writes(35)", "COMMIT");
      assertEquals(List.of("1|10", "2|20", "31|31", "32|32", "33|33", "35|35"), all(other));
      OneNode.run(one, "SET SESSION TRANSACTION READ ONLY");
      assertEquals(READ_ONLY, OneNode.error(one, "SET @x = d.writes(36)"));
    }
  }

  @Test
  void reads_on_behind_captured_rows_after_its_snapshot() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(
          one,
          "CREATE OR REPLACE FUNCTION d.counts() RETURNS INT READS SQL DATA"
              + " RETURN (SELECT COUNT(*) FROM d.t)",
          "START TRANSACTION WITH CONSISTENT SNAPSHOT");
      assertEquals(List.of("1|10", "2|20"), all(one));
      assertEquals(List.of("2"), OneNode.rows(one, "SELECT d.counts()"));
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "INSERT INTO d.t VALUES (3, 30)", "COMMIT");
      assertEquals(List.of("1|10", "2|20", "3|30"), all(one));
    }
  }

  @Test
  void goes_on_when_autocommit_is_set_that_was_on() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN", "INSERT INTO d.t VALUES (7, 7)", "SET autocommit = 1", "ROLLBACK");
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "BEGIN", "INSERT INTO d.t VALUES (7, 7)", "SET autocommit = 0", "ROLLBACK");
      assertEquals(List.of("1|10", "2|20"), all(one));
      OneNode.run(one, "INSERT INTO d.t VALUES (7, 7)", "SET autocommit = 1", "ROLLBACK");
      assertEquals(List.of("1|10", "2|20", "7|7"), all(one));
    }
  }

  /** They are its session's own, and the server lets it write them, but make none. */
  @Test
  void only_reads_but_keeps_what_it_writes_into_temporary_tables() throws Exception {
    String reads = "START TRANSACTION READ ONLY";
    assertEquals(List.of(), afterwards(reads, "1", "ROLLBACK"));
    assertEquals(List.of("1"), afterwards(reads, "1", "COMMIT"));
    assertEquals(List.of("1"), afterwards(reads, "1", "BEGIN"));
    assertEquals(
        List.of("1", "3"),
        afterwards(reads, "1", "SAVEPOINT s", "2", "ROLLBACK TO SAVEPOINT s", "3", "COMMIT"));
    String snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    assertEquals(List.of("1"), afterwards(snapshot, "1", "COMMIT"));
    assertEquals(List.of(), afterwards(snapshot, "1", "ROLLBACK"));
    String always = "SET SESSION TRANSACTION READ ONLY;SET autocommit = 0";
    assertEquals(List.of("1"), afterwards(always, "1", "COMMIT"));
    assertEquals(List.of("1"), afterwards(always, "1", "COMMIT", "2", "ROLLBACK"));
    assertEquals("0 1792", codes(reads, "CREATE TEMPORARY TABLE d.own (a INT)"));
    assertEquals(
        "0 1792",
        codes("SET SESSION TRANSACTION READ ONLY", "CREATE TEMPORARY TABLE d.own (a INT)"));
    assertEquals(
        "0 0 1792",
        codes("CREATE TEMPORARY TABLE d.own (a INT)", reads, "DROP TEMPORARY TABLE d.own"));
    assertEquals(
        "0 0 1792 1792",
        codes(
            "CREATE TEMPORARY TABLE d.own (a INT)",
            "SET SESSION TRANSACTION READ ONLY",
            "ALTER TABLE d.own ADD b INT",
            "DROP TABLE d.own"));
  }

  /** The rows of a temporary table into which the statements that are numbers insert these. */
  private List<String> afterwards(String begin, String... statements) throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "USE d", "CREATE TEMPORARY TABLE own (a INT)");
      OneNode.run(one, begin.split(";"));
      for (String statement : statements) {
        boolean number = Character.isDigit(statement.charAt(0));
        OneNode.run(one, number ? "INSERT INTO own VALUES (" + statement + ")" : statement);
      }
      return OneNode.rows(one, "SELECT a FROM own ORDER BY a");
    }
  }

  @Test
  void is_committed_by_dropping_a_temporary_table_without_saying_so() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "CREATE TEMPORARY TABLE d.own (a INT)", "BEGIN");
      OneNode.run(one, "INSERT INTO d.t VALUES (6, 6)", "DROP TABLE d.own", "ROLLBACK");
      assertEquals(List.of("6"), OneNode.rows(one, "SELECT id FROM d.t WHERE id = 6"));
    }
  }

  /** The error of each, 0 for none, in a session of their own. */
  private String codes(String... statements) throws Exception {
    try (Connection one = node.root()) {
      return Arrays.stream(statements)
          .map(sql -> sql.equals("U") ? "UPDATE d.t SET v = 10 WHERE id = 1" : sql)
          .map(sql -> String.valueOf(OneNode.error(one, sql)))
          .collect(Collectors.joining(" "));
    }
  }

  @Test
  void runs_whatever_the_collation_of_its_connection() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(
          one,
          "SET collation_connection = utf32_unicode_ci",
          "BEGIN",
          "UPDATE d.t SET v = 11 WHERE id = 1",
          "COMMIT",
          "CREATE TABLE d.wide AS SELECT 'a' AS x",
          "DROP TABLE d.wide");
      assertEquals(List.of("1|11", "2|20"), all(one));
    }
  }

  @Test
  void runs_prepared_statements() throws Exception {
    try (Connection one = node.root("&useServerPrepStmts=true");
        PreparedStatement insert = one.prepareStatement("INSERT INTO d.t VALUES (?, ?)");
        PreparedStatement locking =
            one.prepareStatement("SELECT v FROM d.t WHERE id = ? FOR UPDATE")) {
      one.setAutoCommit(false);
      for (int id = 3; id <= 5; id++) {
        insert.setInt(1, id);
        insert.setInt(2, id * 10);
        insert.execute();
        locking.setInt(1, id);
        locking.executeQuery().close();
      }
      one.commit();
      assertEquals(List.of("1|10", "2|20", "3|30", "4|40", "5|50"), all(one));
      one.commit();
    }
  }

  @Test
  void ends_with_its_connection() throws Exception {
    try (Connection one = node.root()) {
      OneNode.run(one, "BEGIN", "DELETE FROM d.t");
    }
    try (Connection other = node.root()) {
      assertEquals(List.of("1|10", "2|20"), all(other));
      assertNotEquals(0, OneNode.error(other, "INSERT INTO d.t VALUES (1, 1)"));
    }
  }
}
