package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Statements whose rows are ordered, and not their text, draw AUTO_INCREMENT ids of a table that
 * clients of all gateways insert into all the time. No one server would refuse one of them.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Ids_that_others_draw_too {
  private static final int ROUNDS = 9;

  /** Of what fails, and of the first call at each gateway, which is given too few or too many. */
  private static final int GAPS_MAX = 60;

  private final AtomicBoolean over = new AtomicBoolean();
  private final List<CompletableFuture<Void>> others = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    try (Connection root = gateway(0)) {
      OneNode.run(
          root,
          "CREATE DATABASE d",
          "CREATE TABLE d.s (v VARCHAR(40))",
          "INSERT INTO d.s VALUES ('a'), ('b'), ('c')",
          "CREATE TABLE d.l (id INT PRIMARY KEY AUTO_INCREMENT, v INT)",
          "CREATE PROCEDURE d.adds(x INT) BEGIN INSERT INTO t (v) VALUES (x);"
              + " SELECT LAST_INSERT_ID(); END",
          "CREATE PROCEDURE d.ends(x INT) BEGIN START TRANSACTION; INSERT INTO t (v) VALUES (x);"
              + " COMMIT; INSERT INTO t (v) VALUES (x); END",
          "CREATE PROCEDURE d.several(x INT) BEGIN WHILE x > 0 DO CALL d.adds(x);"
              + " SET x = x - 1; END WHILE; END",
          "CREATE PROCEDURE d.fails(x INT) BEGIN DECLARE CONTINUE HANDLER FOR 1048 SET @x = 1;"
              + " INSERT INTO t (v) VALUES (x); INSERT INTO t (v) SELECT v FROM s;"
              + " INSERT INTO t (v) VALUES ('y'); END",
          "CREATE PROCEDURE d.perhaps(x INT) BEGIN IF x > 0 THEN INSERT INTO t (v) VALUES (x);"
              + " END IF; END",
          "CREATE PROCEDURE d.copies(x INT) BEGIN INSERT INTO t (v) SELECT v FROM s; SET x = 1; END",
          "CREATE PROCEDURE d.remembers(x INT) BEGIN SET @n = @n + 1; WHILE x > 0 DO"
              + " INSERT INTO t (v) VALUES (CONCAT(@n, ' ', LAST_INSERT_ID() = @last));"
              + " SET x = x - 1; END WHILE; END",
          "CREATE USER clerk IDENTIFIED BY 'clerk'");
    }
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @BeforeEach
  void empty() throws Exception {
    try (Connection root = gateway(0)) {
      OneNode.run(
          root,
          "CREATE OR REPLACE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(40) NOT NULL)");
    }
  }

  private Connection gateway(int node) throws Exception {
    return DriverManager.getConnection(cluster.nodes().get(node).jdbcUrl());
  }

  private void beside(int node) {
    others.add(
        CompletableFuture.runAsync(
            () -> {
              try (Connection client = gateway(node)) {
                while (!over.get()) {
                  OneNode.run(client, "INSERT INTO d.t (v) VALUES ('other')");
                }
              } catch (Exception failed) {
                throw new CompletionException(failed);
              }
            }));
  }

  /** Runs them again and again at each gateway in turn, and the others beside it. */
  private void besideOthers(String... statements) throws Exception {
    over.set(false);
    others.clear();
    for (int node = 0; node < 3; node++) {
      beside(node);
    }
    try {
      for (int i = 0; i < ROUNDS; i++) {
        try (Connection client = gateway(i % 3)) {
          OneNode.run(client, statements);
        }
      }
    } finally {
      over.set(true);
    }
    for (CompletableFuture<Void> other : others) {
      other.get(1, TimeUnit.MINUTES);
    }
    try (Connection root = gateway(0)) {
      OneNode.run(root, "SET lockstep_consistency = 'strong'");
      long ids = Long.parseLong(OneNode.rows(root, "SELECT MAX(id) FROM d.t").get(0));
      long rows = Long.parseLong(OneNode.rows(root, "SELECT COUNT(*) FROM d.t").get(0));
      assertTrue(ids - rows <= GAPS_MAX, ids + " ids for " + rows + " rows");
      assertTrue(rows > 2 * ROUNDS, rows + " rows");
    }
  }

  @Test
  void are_those_of_a_query_s_rows_as_well() throws Exception {
    besideOthers(
        "INSERT INTO d.t (v) SELECT v FROM d.s",
        "INSERT INTO d.t (v) SELECT UUID() FROM d.s LIMIT 1");
  }

  @Test
  void are_those_of_an_open_transaction_s_rows_as_well() throws Exception {
    besideOthers(
        "BEGIN",
        "INSERT INTO d.t (v) SELECT v FROM d.s",
        "INSERT INTO d.t (v) VALUES ('x')",
        "INSERT INTO d.t (v) SELECT v FROM d.s LIMIT 2",
        "COMMIT");
  }

  @Test
  void are_those_of_a_file_as_well(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("rows"), "a\nb\nc\n");
    String load = "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE d.t (v)";
    besideOthers(load, "BEGIN", load, load, "COMMIT");
  }

  @Test
  void are_those_of_a_procedure_as_well() throws Exception {
    besideOthers("CALL d.adds(1)", "CALL d.ends(2)");
  }

  @Test
  void are_those_of_a_procedure_that_draws_more_than_its_text_tells() throws Exception {
    besideOthers("CALL d.several(3)");
  }

  @Test
  void are_those_of_a_procedure_in_a_transaction() throws Exception {
    besideOthers("BEGIN", "CALL d.adds(1)", "CALL d.several(2)", "COMMIT");
  }

  @Test
  void are_not_left_to_another_statement_by_one_that_fails() throws Exception {
    besideOthers("BEGIN", "CALL d.fails(NULL)", "INSERT INTO d.t (v) VALUES ('x')", "COMMIT");
  }

  @Test
  void are_drawn_by_those_alone_who_may_call() throws Exception {
    besideOthers("CALL d.adds(1)");
    String url = cluster.nodes().get(1).jdbcUrl().replace("user=root", "user=clerk");
    try (Connection clerk = DriverManager.getConnection(url + "&password=clerk")) {
      OneNode.run(clerk, "BEGIN");
      assertEquals(1370, OneNode.error(clerk, "CALL d.adds(1)"));
      OneNode.run(clerk, "ROLLBACK");
      assertEquals(1370, OneNode.error(clerk, "CALL d.adds(1)"));
    }
  }

  @Test
  void are_drawn_by_a_procedure_of_the_name_that_the_client_knows() throws Exception {
    try (Connection client = gateway(0)) {
      OneNode.run(client, "BEGIN");
      SQLException told =
          assertThrows(SQLException.class, () -> OneNode.run(client, "CALL d.adds()"));
      assertTrue(told.toString().contains("PROCEDURE d.adds;"), told.toString());
      OneNode.run(client, "CALL d.adds(1)", "COMMIT");
    }
  }

  @Test
  void are_drawn_in_the_state_that_was_there_before_also_when_it_is_tried_again() throws Exception {
    String draw = "INSERT INTO d.l (v) VALUES (1)";
    String last = "SET @last = LAST_INSERT_ID(), @n = 4";
    String insert =
        "INSERT INTO d.t (v) SELECT CONCAT('one ', LAST_INSERT_ID() = @last) FROM d.s LIMIT 1";
    besideOthers(
        draw,
        last,
        insert,
        draw,
        last,
        "CALL d.remembers(1)",
        "BEGIN",
        draw,
        last,
        insert,
        draw,
        last,
        "CALL d.remembers(1)",
        draw,
        last,
        "CALL d.remembers(2)",
        "COMMIT");
    try (Connection root = gateway(0)) {
      OneNode.run(root, "SET lockstep_consistency = 'strong'");
      assertEquals(
          List.of("5 0 " + ROUNDS, "5 1 " + 3 * ROUNDS, "one 1 " + 2 * ROUNDS),
          OneNode.rows(
              root,
              "SELECT CONCAT(v, ' ', COUNT(*)) FROM d.t WHERE v <> 'other' GROUP BY v ORDER BY v"));
    }
  }

  @Test
  void are_none_of_a_temporary_table_s() throws Exception {
    try (Connection client = gateway(1)) {
      OneNode.run(
          client,
          "INSERT INTO d.t (v) VALUES ('x'), ('y')",
          "CREATE TEMPORARY TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v INT)",
          "BEGIN",
          "CALL d.adds(1)",
          "CALL d.adds(2)",
          "COMMIT");
      assertEquals(List.of("1", "2"), OneNode.rows(client, "SELECT id FROM d.t"));
    }
  }

  @Test
  void are_given_back_by_a_procedure_that_does_not_need_them() throws Exception {
    try (Connection client = gateway(0)) {
      OneNode.run(client, "BEGIN", "CALL d.perhaps(0)", "COMMIT");
      OneNode.run(client, "BEGIN", "CALL d.perhaps(1)", "CALL d.perhaps(0)", "COMMIT");
      OneNode.run(client, "INSERT INTO d.t (v) VALUES ('x')");
      assertEquals(List.of("1", "2"), OneNode.rows(client, "SELECT id FROM d.t"));
    }
  }

  @Test
  void do_not_change_what_a_call_says_that_it_changed() throws Exception {
    try (Connection client = gateway(2)) {
      OneNode.run(client, "BEGIN");
      for (String call : List.of("CALL d.copies(1)", "CALL d.copies(2)")) {
        try (Statement statement = client.createStatement()) {
          assertEquals(3, statement.executeUpdate(call));
        }
      }
      OneNode.run(client, "COMMIT");
    }
  }

  @Test
  void are_told_to_the_client_that_has_them() throws Exception {
    over.set(false);
    others.clear();
    beside(1);
    try (Connection client = gateway(0)) {
      for (int i = 0; i < ROUNDS; i++) {
        OneNode.run(client, "BEGIN", "INSERT INTO d.t (v) SELECT 'mine' FROM d.s");
        String first = OneNode.rows(client, "SELECT LAST_INSERT_ID()").get(0);
        OneNode.run(client, "COMMIT");
        assertEquals(
            List.of(first, "" + (Long.parseLong(first) + 1), "" + (Long.parseLong(first) + 2)),
            OneNode.rows(client, "SELECT id FROM d.t WHERE v = 'mine' AND id >= " + first));
      }
    } finally {
      over.set(true);
    }
    others.get(0).get(1, TimeUnit.MINUTES);
  }
}
