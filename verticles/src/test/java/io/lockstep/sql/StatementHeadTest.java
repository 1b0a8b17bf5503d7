package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StatementHeadTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SEQUENCE s",
        "create or replace sequence s",
        "ALTER SEQUENCE IF EXISTS s RESTART",
        "CREATE TEMPORARY SEQUENCE s",
        "/* a TABLE */ CREATE -- b\n SEQUENCE s",
        "CREATE /*!100300 OR REPLACE */ /*M! SEQUENCE */ s"
      })
  void what_is_defined_is_found_behind_comments(String sql) {
    assertTrue(head(sql).defines("SEQUENCE"), sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE sequence (a INT)",
        "CREATE /* SEQUENCE */ TABLE t (a INT)",
        "CREATE TABLE t (a INT) COMMENT 'SEQUENCE'",
        "DROP SEQUENCE s",
        "CREATE `SEQUENCE`",
        "CREATE",
        "CREATE OR REPLACE",
        "CREATE TEMPORARY",
        ""
      })
  void what_only_looks_like_it_is_not(String sql) {
    assertFalse(head(sql).defines("SEQUENCE"), sql);
  }

  @Test
  void words_are_compared_in_any_case_and_only_at_the_beginning() {
    assertTrue(head("alter ignore table t").defines("TABLE"));
    assertTrue(head("set  global a = 1").begins("SET", "GLOBAL"));
    assertFalse(head("SET a = 1, GLOBAL b = 2").begins("SET", "GLOBAL"));
    assertFalse(head("SET").begins("SET", "GLOBAL"));
    assertTrue(head("drop table t").does("DROP"));
    assertFalse(head("(DROP)").does("DROP"));
  }

  private static StatementHead head(String sql) {
    return StatementHead.of(Bytes.utf8(sql), Dialect.DEFAULT);
  }
}
