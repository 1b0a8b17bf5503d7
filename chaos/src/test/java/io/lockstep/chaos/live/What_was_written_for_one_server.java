package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Statements that scripts contain which know of one server only. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class What_was_written_for_one_server {
  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
  }

  @AfterAll
  void end() {
    node.close();
  }

  @Test
  void tables_of_other_engines_are_tables_of_InnoDB() throws Exception {
    try (Connection root = inSchema("engines")) {
      OneNode.run(
          root,
          "CREATE TABLE a (x INT) ENGINE=MyISAM",
          "CREATE TABLE b ENGINE=Aria AS SELECT 1 AS x",
          "CREATE TEMPORARY TABLE c (x INT) ENGINE=MEMORY",
          "ALTER TABLE a ENGINE=MyISAM",
          "INSERT INTO a VALUES (1)",
          "INSERT INTO c VALUES (1)");
      assertEquals(
          List.of("a|InnoDB", "b|InnoDB"),
          OneNode.rows(
              root,
              "SELECT table_name, engine FROM information_schema.tables"
                  + " WHERE table_schema = 'engines' AND table_type = 'BASE TABLE' ORDER BY 1"));
      OneNode.run(root, "BEGIN", "DELETE FROM a", "DELETE FROM c", "ROLLBACK");
      assertEquals(List.of("1|1"), OneNode.rows(root, "SELECT a.x, c.x FROM a, c"));
    }
  }

  @Test
  void who_drops_the_own_schema_has_none_and_may_make_it_again() throws Exception {
    try (Connection root = inSchema("again")) {
      OneNode.run(root, "DROP DATABASE again");
      assertEquals(List.of("null"), OneNode.rows(root, "SELECT DATABASE()"));
      assertEquals(1046, OneNode.error(root, "CREATE TABLE t (x INT)"));
      OneNode.run(root, "CREATE DATABASE again", "USE again", "CREATE TABLE t (x INT)");
      assertEquals(List.of("t"), OneNode.rows(root, "SHOW TABLES"));
    }
  }

  @Test
  void settings_of_one_statement_travel_with_it_and_end_with_it() throws Exception {
    try (Connection root = inSchema("scoped")) {
      OneNode.run(root, "CREATE TABLE t (x INT)");
      assertEquals(1366, OneNode.error(root, "INSERT INTO t VALUES ('x')"));
      OneNode.run(root, "SET STATEMENT sql_mode='' FOR INSERT INTO t VALUES ('x')");
      assertEquals(List.of("0"), OneNode.rows(root, "SELECT x FROM t"));
      assertEquals(1366, OneNode.error(root, "INSERT INTO t VALUES ('x')"));
      OneNode.run(
          root, "SET STATEMENT sql_mode='' FOR CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END");
      assertEquals(
          List.of(""),
          OneNode.rows(
              root,
              "SELECT sql_mode FROM information_schema.routines WHERE routine_schema = 'scoped'"));
      assertEquals(
          1235, OneNode.error(root, "SET STATEMENT tx_read_only=0 FOR INSERT INTO t VALUES (1)"));
      assertEquals(
          1235,
          OneNode.error(root, "SET STATEMENT sql_mode='ANSI_QUOTES' FOR INSERT INTO t VALUES (1)"));
    }
  }

  @Test
  void a_table_without_an_id_left_refuses_the_row_and_nothing_else() throws Exception {
    try (Connection root = inSchema("full")) {
      OneNode.run(
          root,
          "CREATE TABLE t (id TINYINT AUTO_INCREMENT PRIMARY KEY)",
          "INSERT INTO t VALUES (127)");
      assertEquals(167, OneNode.error(root, "INSERT INTO t VALUES ()"));
      OneNode.run(root, "DELETE FROM t");
      assertEquals(List.of("0"), OneNode.rows(root, "SELECT COUNT(*) FROM t"));
    }
  }

  @Test
  void a_named_read_takes_its_arguments_as_the_server_takes_them() throws Exception {
    try (Connection root = inSchema("named")) {
      OneNode.run(
          root,
          "CREATE TABLE t (x INT)",
          "INSERT INTO t VALUES (1), (2)",
          "PREPARE s FROM 'SELECT ? + x AS y FROM t ORDER BY x LIMIT ?'",
          "SET @one = 1");
      assertEquals(List.of("11"), OneNode.rows(root, "EXECUTE s USING 10, @one"));
    }
  }

  @Test
  void a_function_whose_end_only_the_server_knows_is_given_its_definer() throws Exception {
    try (Connection root = inSchema("bodies")) {
      OneNode.run(
          root, "CREATE FUNCTION f(x INT) RETURNS INT IF x THEN RETURN 1; ELSE RETURN 2; END IF");
      assertEquals(List.of("2"), OneNode.rows(root, "SELECT f(0)"));
    }
  }

  @Test
  void a_global_setting_outlives_its_server() throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "SET @pages = 40",
          "SET GLOBAL innodb_stats_persistent_sample_pages = @pages + 2",
          "SET @@GLOBAL.sql_mode = ''",
          "SET GLOBAL sql_mode = DEFAULT");
      assertEquals(
          List.of("42"), OneNode.rows(root, "SELECT @@innodb_stats_persistent_sample_pages"));
      assertEquals(1238, OneNode.error(root, "SET GLOBAL datadir = 'x'"));
      assertEquals(1232, OneNode.error(root, "SET GLOBAL long_query_time = 'x'"));
      for (String kept : List.of("read_only = 1", "enforce_storage_engine = NULL")) {
        assertEquals(1235, OneNode.error(root, "SET GLOBAL " + kept), kept);
      }
      assertEquals(1235, OneNode.error(root, "SET GLOBAL TRANSACTION READ ONLY"));
    }
    forget();
    node.restart();
    try (Connection root = node.root()) {
      assertEquals(
          List.of("42"), OneNode.rows(root, "SELECT @@innodb_stats_persistent_sample_pages"));
    }
  }

  @Test
  void definitions_are_read_alike_whatever_mode_is_set_for_all() throws Exception {
    try (Connection root = inSchema("modes")) {
      OneNode.run(
          root,
          "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, u CHAR(36) DEFAULT UUID())",
          "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, x INT)",
          "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW INSERT INTO log (x) VALUES (new.id)",
          "CREATE VIEW v AS SELECT id, u FROM t",
          "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_TABLE_OPTIONS'");
    }
    node.restart();
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "USE modes",
          "SET SESSION sql_mode = ''",
          "INSERT INTO t () VALUES ()",
          "BEGIN",
          "INSERT INTO v (id) VALUES (5)",
          "INSERT INTO t (id) SELECT 9",
          "COMMIT");
      assertEquals(List.of("1", "5", "9"), OneNode.rows(root, "SELECT x FROM log ORDER BY id"));
      assertEquals(List.of("1", "2", "3"), OneNode.rows(root, "SELECT id FROM log ORDER BY id"));
      OneNode.run(root, "SET GLOBAL sql_mode = DEFAULT");
    }
  }

  /** As a server does that is started again. */
  private void forget() throws SQLException {
    try (Connection database = node.atDatabase("root", "")) {
      OneNode.run(database, "SET GLOBAL innodb_stats_persistent_sample_pages = 20");
      assertTrue(
          OneNode.rows(database, "SELECT @@innodb_stats_persistent_sample_pages").contains("20"));
    }
  }

  private Connection inSchema(String name) throws SQLException {
    Connection root = node.root();
    OneNode.run(root, "CREATE DATABASE " + name, "USE " + name);
    return root;
  }
}
