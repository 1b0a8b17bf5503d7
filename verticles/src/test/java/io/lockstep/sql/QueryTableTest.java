package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryTableTest {
  private static Optional<QueryTable> of(String sql) {
    return QueryTable.of(Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT));
  }

  @Test
  void is_taken_apart_around_its_name() {
    assertEquals(
        Optional.of(
            new QueryTable(
                "CREATE TABLE ",
                "t",
                Optional.empty(),
                Bytes.utf8(" (a INT) SELECT 1 AS a"),
                false)),
        of("CREATE TABLE t (a INT) SELECT 1 AS a"));
    assertEquals(
        Optional.of(
            new QueryTable(
                "create table if not exists ",
                "`d`.`t`",
                Optional.of("d"),
                Bytes.utf8(" as (select 1)"),
                true)),
        of("create table if not exists `d`.`t` as (select 1)"));
    assertEquals(
        Optional.of(
            new QueryTable(
                "CREATE OR REPLACE TABLE ",
                "t",
                Optional.empty(),
                Bytes.utf8(" WITH c AS (SELECT 1 AS a) SELECT a FROM c"),
                false)),
        of("CREATE OR REPLACE TABLE t WITH c AS (SELECT 1 AS a) SELECT a FROM c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t LIKE u",
        "CREATE TABLE t (a INT) PARTITION BY LIST (a) (PARTITION p VALUES IN (1))",
        "CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TEMPORARY TABLE t SELECT 1",
        "DROP TABLE t"
      })
  void is_no_other_statement(String sql) {
    assertEquals(Optional.empty(), of(sql));
  }
}
