package io.lockstep.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BoundSqlTest {
  @Test
  void question_marks_are_replaced_in_order() {
    assertEquals("SELECT  1 ,  'a' ", bound("SELECT ?, ?", "1", "'a'"));
  }

  @Test
  void a_negative_number_after_a_minus_does_not_become_a_comment() {
    assertEquals("SELECT 5- -3 ", bound("SELECT 5-?", "-3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT '?', ?",
        "SELECT \"?\", ?",
        "SELECT `?`, ?",
        "SELECT 'it''s ?', ?",
        "SELECT 'a\\b?', ?",
        "SELECT /* ? */ ?",
        "SELECT 1 -- ?\n, ?",
        "SELECT 1 # ?\n, ?",
      })
  void question_marks_in_quotes_and_comments_stay(String sql) {
    String bound = bound(sql, "7");
    assertTrue(bound.contains("?") && bound.endsWith(" 7 "), bound);
  }

  @Test
  void two_minus_signs_without_a_space_are_no_comment() {
    assertEquals("SELECT 1-- 2 ", bound("SELECT 1--?", "2"));
  }

  @Test
  void too_few_and_too_many_params_are_refused() {
    assertThrows(ProblemException.class, () -> bound("SELECT ?, ?", "1"));
    assertThrows(ProblemException.class, () -> bound("SELECT ?", "1", "2"));
  }

  @Test
  void a_quote_whose_end_depends_on_the_sql_mode_is_refused() {
    assertThrows(ProblemException.class, () -> bound("SELECT 'a\\' , ?, '", "1"));
  }

  @Test
  void without_params_the_text_is_not_touched() {
    assertEquals("SELECT '\\'?'", bound("SELECT '\\'?'"));
  }

  @Test
  void no_string_can_leave_its_quotes_whatever_the_sql_mode() {
    assertEquals("'it''s'", SqlText.string("it's"));
    assertEquals("_utf8mb4 X'5c27'", SqlText.string("\\'"));
    assertEquals("X'00ff'", SqlText.binary("AP8="));
  }

  @Test
  void numbers_keep_every_digit() {
    StatementBody body =
        body("{'sql':'S','params':[9223372036854775807,18446744073709551615,1.10,-0.5e3]}");
    assertEquals(
        List.of("9223372036854775807", "18446744073709551615", "1.10", "-0.5e3"), body.literals());
  }

  @Test
  void every_form_of_param_is_read() {
    StatementBody body =
        body("{'sql':'S','params':[null,true,false,'2024-01-31 10:00:00.5',{'base64':'AQI='}]}");
    assertEquals(
        List.of("NULL", "TRUE", "FALSE", "'2024-01-31 10:00:00.5'", "X'0102'"), body.literals());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{'sql':''}",
        "{'sql':5}",
        "{'sql':'S'} x",
        "{'sql':'S','sql':'T'}",
        "{'sql':'S','parms':[]}",
        "{'sql':'S','params':{}}",
        "{'sql':'S','params':[[1]]}",
        "{'sql':'S','params':[{'base64':1}]}",
        "{'sql':'S','params':[{'hex':'00'}]}",
        "{'sql':'S','params':[{'base64':'*'}]}",
        "{'sql':'S','params':[{'base64':'AQ==','more':1}]}",
        "{'sql':'S','params':['\\ud800']}",
        "{'sql':'S','bigNumbers':'float'}",
        "{'sql':'S','database':null}",
      })
  void a_body_of_another_shape_is_refused(String json) {
    assertEquals(
        ProblemType.MALFORMED_REQUEST,
        assertThrows(ProblemException.class, () -> body(json)).problem().type());
  }

  private static String bound(String sql, String... literals) {
    return BoundSql.of(sql, List.of(literals)).utf8();
  }

  private static StatementBody body(String json) {
    return StatementBodyReader.read(Buffer.buffer(json.replace('\'', '"')));
  }
}
