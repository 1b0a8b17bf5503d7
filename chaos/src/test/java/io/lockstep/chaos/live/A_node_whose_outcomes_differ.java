package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One row more at one node, which the order deletes: all hold the same, but not all did. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_node_whose_outcomes_differ {
  @Test
  void is_found_by_verify_though_its_content_is_the_same(@TempDir Path folder) throws Exception {
    try (LiveCluster cluster = OneNode.cluster(folder, 3);
        Connection client = DriverManager.getConnection(cluster.nodes().get(0).jdbcUrl())) {
      OneNode.run(
          client,
          "CREATE DATABASE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY)",
          "INSERT INTO d.t VALUES (1)");
      assertEquals(0, cluster.verify());
      String other = cluster.nodes().get(2).databaseUrl();
      try (Connection database = DriverManager.getConnection(other)) {
        OneNode.run(database, "SET sql_log_bin = 0", "INSERT INTO d.t VALUES (9)");
      }
      OneNode.run(client, "DELETE FROM d.t WHERE id = 9");
      assertEquals(1, cluster.verify());
      String said = said(folder);
      assertTrue(said.contains("outcomes of writes"), said);
      assertFalse(said.contains("table d.t"), said);
    }
  }

  private static String said(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return Files.readString(
          files.filter(file -> file.endsWith("verify.log")).findFirst().orElseThrow());
    }
  }
}
