package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplacementTest {
  @Test
  void a_column_keeps_the_name_that_it_would_have_had() {
    assertEquals("SELECT 7 AS `F()`", replaced("SELECT F()"));
    assertEquals("SELECT a, 7+1 AS `F()+1`, b FROM t", replaced("SELECT a, F()+1, b FROM t"));
    assertEquals("select distinct 7 AS `F( )` from t", replaced("select distinct F( ) from t"));
  }

  @Test
  void a_column_with_a_name_of_its_own_keeps_that() {
    assertEquals("SELECT 7 AS x", replaced("SELECT F() AS x"));
    assertEquals("SELECT 7 x, 1", replaced("SELECT F() x, 1"));
    assertEquals("SELECT 7 'x'", replaced("SELECT F() 'x'"));
    assertEquals(
        "SELECT CASE 7 WHEN 1 THEN 2 END AS `CASE F() WHEN 1 THEN 2 END`",
        replaced("SELECT CASE F() WHEN 1 THEN 2 END"));
  }

  @Test
  void an_expression_inside_another_names_the_whole_item() {
    assertEquals("SELECT IF(1, 7, 2) AS `IF(1, F(), 2)`, 3", replaced("SELECT IF(1, F(), 2), 3"));
    assertEquals("SELECT 7 + 7 AS `F() + F()` FROM t", replaced("SELECT F() + F() FROM t"));
  }

  @Test
  void outside_the_list_of_columns_nothing_is_named() {
    assertEquals("SELECT a FROM t WHERE b = 7", replaced("SELECT a FROM t WHERE b = F()"));
    assertEquals("SELECT a FROM t ORDER BY a, 7", replaced("SELECT a FROM t ORDER BY a, F()"));
    assertEquals("DO 7", replaced("DO F()"));
  }

  @Test
  void a_derived_table_keeps_the_names_of_its_columns() {
    assertEquals("SELECT * FROM (SELECT 7 AS `F()`) x", replaced("SELECT * FROM (SELECT F()) x"));
  }

  /** The server shows a question mark there, and takes no such name. */
  @Test
  void a_column_is_named_without_characters_of_four_bytes() {
    assertEquals(
        "SELECT CONCAT(7,'\uD83D\uDE00') AS `CONCAT(F(),'?')`",
        replaced("SELECT CONCAT(F(),'\uD83D\uDE00')"));
    assertEquals("SELECT 7+'\u00e9' AS `F()+'\u00e9'`", replaced("SELECT F()+'\u00e9'"));
  }

  @Test
  void a_table_is_named_after_what_it_stands_for() {
    assertEquals("SELECT * FROM (Q) AS `T` WHERE 1", table("SELECT * FROM T WHERE 1"));
    assertEquals("SELECT * FROM (Q) AS `T`", table("SELECT * FROM T"));
    assertEquals("SELECT * FROM (Q) x", table("SELECT * FROM T x"));
    assertEquals("SELECT * FROM (Q) AS x", table("SELECT * FROM T AS x"));
    assertEquals("SELECT * FROM (Q) AS `T` JOIN u", table("SELECT * FROM T JOIN u"));
  }

  private static String replaced(String sql) {
    Tokens tokens = SqlLexer.read(Bytes.utf8(sql), Dialect.DEFAULT);
    Replacement replacement = new Replacement(tokens);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "F")) {
        replacement.expression(i, i + 2, "7");
      }
    }
    return replacement.sql().utf8();
  }

  private static String table(String sql) {
    Tokens tokens = SqlLexer.read(Bytes.utf8(sql), Dialect.DEFAULT);
    Replacement replacement = new Replacement(tokens);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "T")) {
        replacement.table(i, i, "Q");
      }
    }
    return replacement.sql().utf8();
  }
}
