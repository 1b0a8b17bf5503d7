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
