package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As a plain MariaDB 10.11 answers a session that has done LOCK TABLES r READ, w WRITE, u a READ.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TableRulesTest {
  private static final TableName W = new TableName("d", "w");

  private final TableRules rules =
      new TableRules(
          List.of(
              new TableRules.Held(new TableName("d", "r"), "r", false),
              new TableRules.Held(W, "w", true),
              new TableRules.Held(new TableName("d", "u"), "a", false)),
          "d",
          table -> table.name().equals("temp"));

  private static Statement read(String sql) {
    return Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "SELECT * FROM r, w, u a, temp, information_schema.tables > 0",
        "SELECT * FROM u > 1100",
        "SELECT * FROM r x > 1100",
        "SELECT * FROM e.r > 1100",
        "SELECT * FROM mysql.user > 1100",
        "SELECT * FROM r WHERE x IN (SELECT x FROM r) > 1100",
        "SELECT 1 > 0",
        "INSERT INTO w VALUES (1) > 0",
        "INSERT INTO w SELECT * FROM w > 1100",
        "INSERT INTO r VALUES (1) > 1099",
        "UPDATE w, r SET w.x = r.x > 0",
        "UPDATE r, nosuch SET r.x = 1 > 1100",
        "TRUNCATE w > 0",
        "TRUNCATE r > 1099",
        "ALTER TABLE w RENAME TO x > 0",
        "DROP TABLE w, r > 1099",
        "DROP TABLE IF EXISTS nosuch > 1100",
        "CREATE TABLE x (y INT) > 1100",
        "CREATE TEMPORARY TABLE x (y INT) > 0",
        "CREATE INDEX i ON r (x) > 1099",
        "RENAME TABLE w TO x > 1192",
        "CREATE VIEW v AS SELECT 1 > 1192",
        "DROP DATABASE d > 1192",
        "CREATE PROCEDURE p() SELECT 1 > 1192",
        "HANDLER w OPEN > 1192",
        "FLUSH TABLES WITH READ LOCK > 1192",
        "GRANT SELECT ON d.* TO u@h > 1100",
        "SHOW TABLES > 0",
        "COMMIT > 0",
      })
  void a_session_uses_what_it_has_locked(String sql, int error) {
    assertEquals(error, rules.refusal(read(sql)).map(MySqlError::code).orElse(0));
  }

  @Test
  void a_table_that_is_dropped_or_renamed_is_no_longer_locked() {
    assertEquals(2, rules.without(read("DROP TABLE w")).size());
    assertEquals(2, rules.without(read("ALTER TABLE d.w RENAME TO x")).size());
    assertEquals(3, rules.without(read("ALTER TABLE w DROP INDEX i")).size());
    assertEquals(3, rules.without(read("ALTER TABLE w RENAME COLUMN a TO b")).size());
    assertEquals(3, rules.without(read("DROP TRIGGER w")).size());
  }
}
