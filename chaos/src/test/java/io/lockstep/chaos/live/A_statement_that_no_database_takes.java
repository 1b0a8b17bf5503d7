package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Once it is ordered, every node meets it: it must be an outcome, or it would stop them all. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class A_statement_that_no_database_takes {
  private final OneNode node;

  A_statement_that_no_database_takes(@TempDir Path folder) throws IOException {
    node = OneNode.start(folder);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  /** As long a text as a table's definition may have: nothing that looks at it may recurse. */
  @Test
  void a_very_long_definition_is_a_definition() throws Exception {
    try (Connection root = node.root("&socketTimeout=60000")) {
      OneNode.run(root, "CREATE DATABASE long_ones");
      OneNode.run(root, "CREATE TABLE long_ones.t (a SET('" + "y".repeat(60_000) + "'))");
      OneNode.run(root, "INSERT INTO long_ones.t VALUES ('" + "y".repeat(60_000) + "')");
      assertEquals(List.of("60000"), OneNode.rows(root, "SELECT LENGTH(a) FROM long_ones.t"));
    }
  }

  /** Names of schemas are kept beside each definition's place in the order. */
  @Test
  void may_have_a_name_that_no_schema_has() throws Exception {
    String name = "x".repeat(65);
    List<String> refused =
        List.of(
            "DROP DATABASE " + name,
            "CREATE DATABASE " + name,
            "ALTER DATABASE " + name + " COMMENT 'c'",
            "DROP DATABASE `ends with a blank `",
            "CREATE TABLE " + name + ".t (a INT)",
            "CREATE TABLE names." + name + " (a INT)",
            "DROP TABLE " + name + ".t",
            "TRUNCATE TABLE " + name + ".t",
            "RENAME TABLE names.t TO " + name + ".t",
            "ALTER TABLE names.t RENAME TO names." + name,
            "DROP TRIGGER " + name + ".t",
            "DROP PROCEDURE " + name + ".t",
            "DROP EVENT " + name + ".t",
            "DROP VIEW " + name + ".t",
            "CREATE SEQUENCE " + name + ".t");
    try (Connection root = node.root("&socketTimeout=60000");
        Connection beside = node.atDatabase("root", "")) {
      OneNode.run(root, "CREATE DATABASE names", "CREATE TABLE names.t (a INT)");
      for (String statement : refused) {
        int direct = OneNode.error(beside, statement);
        assertNotEquals(0, direct, statement);
        assertEquals(direct, OneNode.error(root, statement), statement);
      }
      OneNode.run(
          root,
          "CREATE VIEW names.v AS SELECT " + name + ".a FROM names.t AS " + name,
          "CREATE DATABASE `" + "İ".repeat(40) + "`",
          "GRANT SELECT ON " + name + ".* TO CURRENT_USER()",
          "INSERT INTO names.t VALUES (1)");
      assertEquals(List.of("1"), OneNode.rows(root, "SELECT a FROM names.v"));
    }
  }

  /** Every word of a definition is looked up in catalogues that know three bytes to a character. */
  @Test
  void may_hold_a_character_of_four_bytes() throws Exception {
    String four = "\uD83D\uDE00";
    List<String> definitions =
        List.of(
            "CREATE DATABASE four COMMENT '%s'",
            "CREATE TABLE four.t (a INT PRIMARY KEY, e ENUM('%s', 'x') DEFAULT '%s') CHARACTER SET utf8mb4",
            "ALTER TABLE four.t COMMENT 'a %s b' /* %s */",
            "CREATE VIEW four.v AS SELECT '%s' AS c -- %s",
            "CREATE PROCEDURE four.p() SELECT '%s'",
            "CREATE TRIGGER four.r BEFORE INSERT ON four.t FOR EACH ROW SET @said = '%s'",
            "CREATE EVENT four.e ON SCHEDULE EVERY 1 DAY COMMENT '%s' DO SELECT '%s'",
            "CREATE USER four IDENTIFIED BY '%s'",
            "GRANT SELECT ON four.* TO four IDENTIFIED BY '%s'");
    List<String> names =
        List.of(
            "CREATE TABLE four.`%s` (a INT)",
            "CREATE DATABASE %s",
            "DROP TABLE IF EXISTS four.%s",
            "ALTER TABLE four.t ADD `x%s` INT",
            "CALL four.%s()",
            "SELECT four.%s(1)",
            "INSERT INTO %s.t VALUES (1)",
            "LOCK TABLES `%s` WRITE",
            "SET @`%s` = 1",
            "DROP USER `%s`");
    try (Connection root = node.root("&socketTimeout=60000");
        Connection beside = node.atDatabase("root", "")) {
      for (String definition : definitions) {
        OneNode.run(root, definition.replace("%s", four));
      }
      for (String name : names) {
        String statement = name.replace("%s", four);
        assertEquals(1300, OneNode.error(beside, statement), statement);
        assertEquals(1300, OneNode.error(root, statement), statement);
      }
      assertEquals(
          OneNode.error(beside, "DROP USER '" + four + "'"),
          OneNode.error(root, "DROP USER '" + four + "'"));
      OneNode.run(root, "INSERT INTO four.t (a) VALUES (1)");
      assertEquals(List.of(four), OneNode.rows(root, "SELECT e FROM four.t"));
    }
  }

  /** What SET GLOBAL has set is kept for the database's next start. */
  @Test
  void may_set_a_value_that_is_too_long_to_be_kept() throws Exception {
    try (Connection root = node.root("&socketTimeout=60000")) {
      String modes = "SET GLOBAL sql_mode = REPEAT('ANSI_QUOTES,', %d)";
      assertEquals(1231, OneNode.error(root, modes.formatted(400)));
      OneNode.run(root, modes.formatted(2), "SET GLOBAL sql_mode = DEFAULT");
    }
  }

  @Test
  void is_answered_with_its_error_and_the_order_goes_on() throws Exception {
    try (Connection root = node.root("&socketTimeout=60000")) {
      OneNode.run(root, "CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
      assertEquals(1290, OneNode.error(root, "CREATE TABLE d.m (a INT) ENGINE=MRG_MyISAM"));
      OneNode.run(
          root,
          "CREATE TRIGGER d.r BEFORE INSERT ON d.t FOR EACH ROW"
              + " SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213");
      assertNotEquals(0, OneNode.error(root, "INSERT INTO d.t VALUES (1)"));
      OneNode.run(root, "DROP TRIGGER d.r", "INSERT INTO d.t VALUES (2)");
      assertEquals(List.of("2"), OneNode.rows(root, "SELECT a FROM d.t"));
    }
  }
}
