package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

/** A lock that nobody holds must not be promised. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_locking_read {
  private static final int REFUSED = 1235;
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
  void is_refused_as_the_first_statement_without_autocommit() throws Exception {
    try (Connection client = node.root()) {
      OneNode.run(client, "SET autocommit = 0");
      assertEquals(REFUSED, OneNode.error(client, LOCKING));
      OneNode.run(client, "SET autocommit = 1");
      assertEquals(0, OneNode.error(client, LOCKING));
    }
  }

  @Test
  void is_refused_in_an_open_transaction() throws Exception {
    try (Connection client = node.root()) {
      OneNode.run(client, "BEGIN");
      assertEquals(REFUSED, OneNode.error(client, LOCKING));
    }
  }

  @Test
  void is_refused_in_a_transaction_though_it_was_prepared_in_autocommit() throws Exception {
    String url = "&useServerPrepStmts=true";
    try (Connection client = node.root(url);
        PreparedStatement locking = client.prepareStatement(LOCKING)) {
      locking.executeQuery().close();
      OneNode.run(client, "SET autocommit = 0");
      SQLException refused = assertThrows(SQLException.class, locking::executeQuery);
      assertEquals(REFUSED, refused.getErrorCode());
    }
  }
}
