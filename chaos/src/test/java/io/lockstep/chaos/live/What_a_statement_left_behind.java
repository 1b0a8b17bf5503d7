package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** ROW_COUNT(), FOUND_ROWS(), LAST_INSERT_ID(), warnings: as at the database itself. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class What_a_statement_left_behind {
  private static final String TABLE =
      "CREATE OR REPLACE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT UNIQUE)";

  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    try (Connection client = node.root();
        Connection database = node.atDatabase("root", "")) {
      OneNode.run(client, "CREATE DATABASE d");
      OneNode.run(database, "CREATE DATABASE plain");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  @Test
  void is_no_lock_of_a_gateway_that_has_died_in_a_commit() throws Exception {
    try (Connection client = node.root()) {
      OneNode.run(
          client, "CREATE TABLE d.held (id INT PRIMARY KEY)", "INSERT INTO d.held VALUES (1)");
      try (Connection gateway = node.atDatabase("root", "")) {
        OneNode.run(
            gateway,
            "XA START 'lockstep-dead-1'",
            "DELETE FROM d.held WHERE id = 1",
            "XA END 'lockstep-dead-1'",
            "XA PREPARE 'lockstep-dead-1'");
      }
      OneNode.run(client, "SET innodb_lock_wait_timeout = 20", "BEGIN");
      assertEquals(
          List.of("1"), OneNode.rows(client, "SELECT id FROM d.held WHERE id = 1 FOR UPDATE"));
      OneNode.run(client, "COMMIT");
    }
  }

  @Test
  void is_nothing_to_wait_for_after_a_restart() throws Exception {
    try (Connection client = node.root()) {
      OneNode.run(
          client, "CREATE TABLE d.begun (id INT PRIMARY KEY)", "INSERT INTO d.begun VALUES (1)");
    }
    node.restart();
    try (Connection client = node.root()) {
      OneNode.run(client, "BEGIN", "UPDATE d.begun SET id = 2");
      assertEquals(List.of("2"), OneNode.rows(client, "SELECT id FROM d.begun"));
      OneNode.run(client, "COMMIT");
    }
  }

  /** The ids that an open transaction drew are no sign that a definition has happened. */
  @Test
  void is_not_taken_for_a_definition_whose_connection_was_lost() throws Exception {
    try (Connection client = node.root();
        Connection beside = node.atDatabase("root", "");
        Connection database = node.atDatabase("root", "")) {
      OneNode.run(
          client,
          "CREATE TABLE d.ids (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "INSERT INTO d.ids (v) VALUES (1)");
      OneNode.run(
          beside,
          "SET autocommit = 0, innodb_table_locks = 0, sql_log_bin = 0",
          "LOCK TABLES d.ids WRITE");
      CompletableFuture<Integer> definition =
          CompletableFuture.supplyAsync(() -> OneNode.error(client, "CREATE INDEX k ON d.ids (v)"));
      String applier = waitingForTheTable(database);
      OneNode.run(beside, "INSERT INTO d.ids (v) VALUES (2)", "ROLLBACK");
      OneNode.run(database, "KILL " + applier);
      // Longer than the node takes to connect again and look.
      TimeUnit.SECONDS.sleep(1);
      OneNode.run(beside, "UNLOCK TABLES");
      assertEquals(0, definition.get(30, TimeUnit.SECONDS));
      assertEquals(
          List.of("k"),
          OneNode.rows(
              client,
              "SELECT index_name FROM information_schema.statistics WHERE table_schema = 'd'"
                  + " AND table_name = 'ids' AND column_name = 'v'"));
    }
  }

  private static String waitingForTheTable(Connection database) throws Exception {
    List<String> found = List.of();
    for (int i = 0; found.isEmpty() && i < 500; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      found =
          OneNode.rows(
              database,
              "SELECT id FROM information_schema.processlist WHERE info LIKE 'CREATE INDEX k%'"
                  + " AND state LIKE 'Waiting for table metadata lock'");
    }
    return found.get(0);
  }

  @Test
  void counts_rows() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1), (2), (3)",
        "SELECT ROW_COUNT()",
        "SELECT ROW_COUNT() AS c, FOUND_ROWS()",
        "SELECT v FROM t ORDER BY v LIMIT 2",
        "SELECT FOUND_ROWS()",
        "SELECT SQL_CALC_FOUND_ROWS v FROM t ORDER BY v LIMIT 1",
        "INSERT INTO t (v) VALUES (9)",
        "SELECT FOUND_ROWS(), ROW_COUNT() + 1",
        "SET @x = 1",
        "SELECT ROW_COUNT(), FOUND_ROWS()",
        "UPDATE t SET v = v WHERE v = 1",
        "SELECT ROW_COUNT()",
        "DELETE FROM t WHERE v > 2",
        "SELECT IF(ROW_COUNT() = 2, 'two', 'other')",
        "INSERT INTO t (v) VALUES (1)",
        "SELECT ROW_COUNT()");
  }

  @Test
  void knows_the_last_id_that_was_drawn() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1), (2), (3)",
        "SELECT LAST_INSERT_ID(), @@last_insert_id",
        "INSERT INTO t (id, v) VALUES (100, 100)",
        "SELECT LAST_INSERT_ID()",
        "UPDATE t SET v = LAST_INSERT_ID(55) WHERE id = 1",
        "SELECT LAST_INSERT_ID(), ROW_COUNT()",
        "INSERT IGNORE INTO t (v) VALUES (2)",
        "SELECT LAST_INSERT_ID()",
        "SELECT LAST_INSERT_ID(9)",
        "SELECT LAST_INSERT_ID(), @@identity",
        "INSERT INTO t (v) VALUES (7), (8) RETURNING id",
        "SELECT LAST_INSERT_ID()",
        "INSERT INTO t (id, v) VALUES (200, 200) RETURNING id",
        "SELECT LAST_INSERT_ID()",
        "INSERT IGNORE INTO t (v) VALUES (200) RETURNING id",
        "DELETE FROM t WHERE id = 200 RETURNING id",
        "SELECT LAST_INSERT_ID()",
        "REPLACE INTO t (v) VALUES (9) RETURNING id, v",
        "SELECT LAST_INSERT_ID()");
  }

  @Test
  void has_the_types_of_the_functions_that_tell_it() throws Exception {
    asAtTheDatabase(
        "CREATE OR REPLACE SEQUENCE numbers",
        "SELECT LASTVAL(numbers)",
        "SELECT NEXTVAL(numbers)",
        "SELECT SETVAL(numbers, 50), NEXT VALUE FOR numbers, LASTVAL(numbers)",
        "SELECT minimum_value, increment FROM numbers",
        "SELECT FOUND_ROWS(), ROW_COUNT()",
        "SELECT IS_FREE_LOCK('of_types'), IS_USED_LOCK('of_types'), RELEASE_LOCK('of_types')",
        "SELECT GET_LOCK('of_types', 0)",
        "SELECT RELEASE_LOCK('of_types')",
        "SELECT RELEASE_ALL_LOCKS()",
        "INSERT INTO t (v) VALUES (1)",
        "INSERT IGNORE INTO t (v) VALUES (1)",
        "SELECT @@warning_count, @@error_count",
        "SHOW WARNINGS",
        "SHOW COUNT(*) WARNINGS");
  }

  @Test
  void tells_the_last_id_to_whatever_asks_for_it() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1), (2), (3)",
        "SET @id = LAST_INSERT_ID()",
        "SELECT @id",
        "INSERT INTO t (v) VALUES (4)",
        "CREATE TEMPORARY TABLE ids AS SELECT LAST_INSERT_ID() AS id",
        "INSERT INTO t (v) VALUES (5)",
        "INSERT INTO ids VALUES (LAST_INSERT_ID())",
        "INSERT INTO t (v) VALUES (6)",
        "EXECUTE IMMEDIATE CONCAT('INSERT INTO ids VALUES (', LAST_INSERT_ID(), ')')",
        "INSERT INTO t (v) VALUES (7)",
        "PREPARE s FROM 'SET @id = LAST_INSERT_ID() + ?'",
        "EXECUTE s USING 0",
        "SELECT @id",
        "INSERT INTO t (v) VALUES (8)",
        "SELECT LAST_INSERT_ID() INTO @id",
        "SELECT @id",
        "INSERT INTO t (v) VALUES (9)",
        "SET @@SESSION.sql_select_limit = LAST_INSERT_ID() + 100, @id = LAST_INSERT_ID()",
        "SELECT @id, @@sql_select_limit",
        "SELECT id FROM ids ORDER BY id");
  }

  /** Its rows go with the branch; running its statements again would find what came since. */
  @Test
  void stays_in_temporary_tables_behind_a_commit() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1), (2)",
        "CREATE TEMPORARY TABLE kept (id INT AUTO_INCREMENT PRIMARY KEY, a INT)",
        "SET @a = 5",
        "BEGIN",
        "INSERT INTO kept (a) SELECT v FROM t ORDER BY id",
        "UPDATE t SET v = v + 10",
        "INSERT INTO kept (a) VALUES (@a)",
        "SET @a = 6",
        "COMMIT",
        "SELECT a FROM kept ORDER BY id",
        "BEGIN",
        "DELETE FROM kept WHERE a < (SELECT MIN(v) FROM t)",
        "SELECT v FROM t ORDER BY id LIMIT 1",
        "COMMIT",
        "SELECT a FROM kept",
        "BEGIN",
        "INSERT INTO kept (a) VALUES (8)",
        "SAVEPOINT s",
        "DELETE FROM kept",
        "ROLLBACK TO s",
        "COMMIT",
        "SELECT a FROM kept");
  }

  /** A trigger's ids are the database's, and the order hears of them with the commit. */
  @Test
  void is_not_hit_by_ids_that_are_drawn_behind_those_of_a_trigger() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1)",
        "CREATE TABLE fires (id INT PRIMARY KEY)",
        "CREATE TRIGGER fires AFTER INSERT ON fires FOR EACH ROW INSERT INTO t (v) VALUES (NEW.id)",
        "BEGIN",
        "INSERT INTO fires VALUES (50)",
        "INSERT INTO t (v) VALUES (51)",
        "INSERT INTO t (v) VALUES (51) ON DUPLICATE KEY UPDATE v = v + 100",
        "COMMIT",
        "INSERT INTO t (v) VALUES (52)",
        "SELECT v FROM t ORDER BY id",
        "DROP TABLE fires");
  }

  @Test
  void may_be_hidden_from_an_account_that_draws_ids_behind_it() throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE TABLE d.hidden (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "CREATE TABLE d.shown (id INT PRIMARY KEY)",
          "CREATE TRIGGER d.shows AFTER INSERT ON d.shown FOR EACH ROW"
              + " INSERT INTO d.hidden (v) VALUES (NEW.id)",
          "CREATE USER clerk IDENTIFIED BY 'clerk'",
          "GRANT INSERT ON d.* TO clerk");
      try (Connection clerk = node.as("clerk", "clerk")) {
        OneNode.run(clerk, "BEGIN", "INSERT INTO d.shown VALUES (1)");
        assertEquals(1142, OneNode.error(clerk, "SELECT MAX(id) FROM d.hidden"));
        int drawn = OneNode.error(clerk, "INSERT INTO d.hidden (v) VALUES (2)");
        assertTrue(Set.of(0, 1062).contains(drawn), "error " + drawn);
        OneNode.run(clerk, "COMMIT");
      }
      assertEquals(List.of("1"), OneNode.rows(root, "SELECT v FROM d.hidden ORDER BY id LIMIT 1"));
    }
  }

  /** An applier's connection writes for all sessions: its last id is anybody's. */
  @Test
  void is_not_found_by_asking_for_null() throws Exception {
    try (Connection client = node.root()) {
      OneNode.run(client, "CREATE OR REPLACE TABLE d.nulls (id INT AUTO_INCREMENT PRIMARY KEY)");
      assertEquals(1235, OneNode.error(client, "SET sql_auto_is_null = 1"));
      assertEquals(1235, OneNode.error(client, "SET @@SESSION.sql_auto_is_null = @@sql_notes"));
      assertEquals(1235, OneNode.error(client, "SET GLOBAL sql_auto_is_null = 1"));
      String scoped = "SET STATEMENT sql_auto_is_null = 1 FOR DELETE FROM d.nulls WHERE id IS NULL";
      OneNode.run(client, "SET sql_auto_is_null = 0", "INSERT INTO d.nulls VALUES (NULL)");
      assertEquals(1235, OneNode.error(client, scoped));
      OneNode.run(client, "DELETE FROM d.nulls WHERE id IS NULL");
      assertEquals(List.of("1"), OneNode.rows(client, "SELECT id FROM d.nulls"));
    }
  }

  /** The text of a statement may hold bytes that are no characters of the client's. */
  @Test
  void is_what_a_text_of_bytes_says() throws Exception {
    asAtTheDatabase(
        "CREATE OR REPLACE TABLE bytes (id INT PRIMARY KEY, b BLOB)",
        "SET @text = CONCAT('INSERT INTO bytes VALUES (1, _binary''', 0xD1FF00, ''')')",
        "PREPARE s FROM @text",
        "EXECUTE s",
        "EXECUTE IMMEDIATE CONCAT('INSERT INTO bytes VALUES (2, _binary''', 0xFEFF, ''')')",
        "SET @id = 2",
        "EXECUTE IMMEDIATE CONCAT('INSERT INTO bytes VALUES (', @id := @id + 1, ', 0x00)')",
        "SELECT @id",
        "SELECT id, HEX(b) FROM bytes ORDER BY id");
  }

  /** Drivers send the execution of what they prepared last right behind the preparation. */
  @Test
  void is_not_executed_when_the_next_one_cannot_be_prepared() throws Exception {
    try (Connection client = node.root("&useServerPrepStmts=true")) {
      OneNode.run(client, "CREATE OR REPLACE TABLE d.once (x INT)");
      try (PreparedStatement insert = client.prepareStatement("INSERT INTO d.once VALUES (1)")) {
        insert.execute();
        for (String sql : List.of("SELECT nothing", "EXECUTE IMMEDIATE 'SELECT 1'", "no SQL")) {
          prepareAndExecute(client, sql);
        }
      }
      assertEquals(List.of("1"), OneNode.rows(client, "SELECT x FROM d.once"));
    }
  }

  private static void prepareAndExecute(Connection client, String sql) {
    try (PreparedStatement failing = client.prepareStatement(sql)) {
      failing.execute();
    } catch (SQLException refused) {
      assertNotEquals(0, refused.getErrorCode());
    }
  }

  @Test
  void keeps_its_warnings_until_a_statement_that_uses_tables() throws Exception {
    asAtTheDatabase(
        "INSERT INTO t (v) VALUES (1), (2)",
        "INSERT IGNORE INTO t (v) VALUES (1), (2)",
        "SHOW WARNINGS",
        "SELECT @@warning_count, @@error_count",
        "SHOW COUNT(*) WARNINGS",
        "SHOW WARNINGS LIMIT 1",
        "SHOW WARNINGS LIMIT 1, 1",
        "SELECT 1",
        "SET @x = 2",
        "SHOW WARNINGS",
        "SELECT COUNT(*) FROM t",
        "SHOW WARNINGS",
        "INSERT INTO t (v) VALUES (1)",
        "SHOW WARNINGS",
        "SHOW ERRORS",
        "SELECT @@error_count",
        "SELECT 1 / 0",
        "SHOW WARNINGS",
        "DROP TABLE IF EXISTS nothing_of_the_kind",
        "SHOW COUNT(*) WARNINGS",
        "SELECT * FROM nothing_of_the_kind",
        "SELECT @@error_count");
  }

  @Test
  void is_known_inside_a_transaction() throws Exception {
    asAtTheDatabase(
        "SELECT @@in_transaction",
        "SELECT 1 FROM nothing_of_the_kind",
        "BEGIN",
        "SHOW COUNT(*) ERRORS",
        "SHOW WARNINGS",
        "SELECT @@in_transaction, @@session.in_transaction + 1",
        "COMMIT",
        "BEGIN",
        "INSERT INTO t (v) VALUES (1), (2)",
        "SELECT ROW_COUNT(), LAST_INSERT_ID()",
        "INSERT IGNORE INTO t (v) VALUES (1)",
        "SHOW WARNINGS",
        "UPDATE t SET v = v + 10 WHERE v = 2",
        "SELECT ROW_COUNT()",
        "COMMIT",
        "SELECT ROW_COUNT()");
  }

  /** Every statement in turn at both, and the same answers. */
  private void asAtTheDatabase(String... statements) throws SQLException {
    for (String option : List.of("", "&useServerPrepStmts=true")) {
      List<String> expected;
      try (Connection database = node.atDatabase("root", "")) {
        OneNode.run(database, "USE plain", TABLE);
        expected = answers(database, false, statements);
      }
      try (Connection client = node.root(option)) {
        OneNode.run(client, "USE d", TABLE);
        assertEquals(
            String.join("\n", expected),
            String.join("\n", answers(client, !option.isEmpty(), statements)));
      }
    }
  }

  private static List<String> answers(Connection connection, boolean prepared, String... all)
      throws SQLException {
    List<String> answers = new ArrayList<>();
    for (String sql : all) {
      answers.add(sql + " -> " + answer(connection, prepared, sql));
    }
    return answers;
  }

  private static String answer(Connection connection, boolean prepared, String sql)
      throws SQLException {
    // Preparing is a statement of its own, which the questions must not be asked behind.
    boolean binary = prepared && !sql.startsWith("SHOW") && !sql.startsWith("SELECT *");
    try (Statement statement =
        binary ? connection.prepareStatement(sql) : connection.createStatement()) {
      boolean rows =
          statement instanceof java.sql.PreparedStatement ready
              ? ready.execute()
              : statement.execute(sql);
      return rows ? rows(statement.getResultSet()) : Long.toString(statement.getLargeUpdateCount());
    } catch (SQLException e) {
      return "error " + e.getErrorCode();
    }
  }

  private static String rows(ResultSet results) throws SQLException {
    StringBuilder text = new StringBuilder();
    int columns = results.getMetaData().getColumnCount();
    for (int i = 1; i <= columns; i++) {
      text.append(results.getMetaData().getColumnLabel(i)).append(' ');
      text.append(results.getMetaData().getColumnTypeName(i)).append(' ');
    }
    while (results.next()) {
      text.append("| ");
      for (int i = 1; i <= columns; i++) {
        text.append(results.getString(i)).append(' ');
      }
    }
    return text.toString().replace("plain.", "d.");
  }
}
