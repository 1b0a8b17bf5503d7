package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
  private static final int ROUNDS = 30;

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
          "INSERT INTO d.s VALUES ('a'), ('b'), ('c')");
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
          root, "CREATE OR REPLACE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(40))");
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
      assertTrue(ids - rows <= ROUNDS, ids + " ids for " + rows + " rows");
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
  void are_told_to_the_client_that_has_them() throws Exception {
    beside(1);
    over.set(false);
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
  }
}
