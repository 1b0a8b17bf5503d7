package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement costs there that concerns one of them. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_server_with_many_tables {
  private static final int TABLES = 120;

  @Test
  void opens_few_of_them_for_a_statement_about_one(@TempDir Path folder) throws Exception {
    try (OneNode node = OneNode.start(folder);
        Connection root = node.root()) {
      OneNode.run(root, "CREATE DATABASE many", "USE many");
      for (int i = 0; i < TABLES; i++) {
        OneNode.run(root, "CREATE TABLE t" + i + " (x INT)");
      }
      OneNode.run(root, "CREATE VIEW v AS SELECT x FROM t1", "FLUSH TABLES");
      long before = opened(root);
      OneNode.run(
          root,
          "INSERT INTO t7 VALUES (1), (2)",
          "INSERT INTO v VALUES (3)",
          "DELETE FROM t7 LIMIT 1");
      assertTrue(opened(root) - before < TABLES / 2, opened(root) - before + " were opened");
      assertEquals(List.of("3"), OneNode.rows(root, "SELECT x FROM v"));
    }
  }

  private static long opened(Connection root) throws SQLException {
    String row = OneNode.rows(root, "SHOW GLOBAL STATUS LIKE 'Opened_table_definitions'").get(0);
    return Long.parseLong(row.substring(row.indexOf('|') + 1));
  }
}
