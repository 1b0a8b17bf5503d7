package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SqlTextTest {
  private static String kinds(String sql, Dialect dialect) {
    Tokens tokens = SqlLexer.read(Bytes.utf8(sql), dialect);
    List<String> kinds = new ArrayList<>();
    for (int i = 0; i < tokens.count(); i++) {
      kinds.add(tokens.kind(i).name());
    }
    return String.join(" ", kinds);
  }

  private static Shape shape(String sql) {
    return Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT).shape();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "1 1.5 .5 1e5 1.5e-3 0xAF x'AF' b'01' 0b01|INTEGER DECIMAL DECIMAL FLOAT FLOAT BINARY"
            + " BINARY BINARY BINARY",
        "1abc 1e 0xZZ|WORD WORD WORD",
        "t.1a t.5|WORD SYMBOL WORD WORD SYMBOL WORD",
        "'it''s' 'a\\'b' n'x' _utf8'y'|STRING STRING STRING WORD STRING",
        "@a @`b c` @'d' @@global.x @@y|USER_VARIABLE USER_VARIABLE USER_VARIABLE SYSTEM_VARIABLE"
            + " SYSTEM_VARIABLE",
        "a:=? b|WORD SYMBOL PLACEHOLDER WORD",
        "5--3 -- comment|INTEGER SYMBOL SYMBOL INTEGER",
        "a /* b /*!c */ d|WORD WORD",
        "/*!40101 a /* b */ c */ d|WORD WORD WORD",
        "'\\' 'a'|STRING WORD STRING",
      })
  void text_is_cut_as_the_server_cuts_it(String sql, String expected) {
    assertEquals(expected, kinds(sql, Dialect.DEFAULT));
  }

  @Test
  void modes_change_what_a_quote_and_a_backslash_mean() {
    assertEquals("STRING", kinds("\"a\\\"b\"", Dialect.DEFAULT));
    assertEquals("QUOTED", kinds("\"a\"\"b\"", Dialect.of("ANSI_QUOTES", 101100)));
    assertEquals("STRING STRING", kinds("'\\' 'b'", Dialect.of("NO_BACKSLASH_ESCAPES", 101100)));
    assertTrue(SqlLexer.read(Bytes.utf8("'\\'"), Dialect.DEFAULT).unterminated());
    assertTrue(Dialect.readable("GBK"));
    assertFalse(Dialect.readable("UCS2"));
  }

  @Test
  void bytes_above_127_survive_in_names_and_strings() {
    Bytes sql =
        Bytes.owning(new byte[] {'S', 'E', 'T', ' ', '@', 'a', '=', '\'', (byte) 0xff, '\''});
    Statement statement = Classifier.read(sql, Dialect.DEFAULT);
    StatementClass.SessionSetting set = (StatementClass.SessionSetting) statement.type();
    Bytes value =
        set.assignments()
            .get(0)
            .fold(
                system -> Bytes.EMPTY,
                Assignment.UserVariable::value,
                names -> Bytes.EMPTY,
                charset -> Bytes.EMPTY,
                transaction -> Bytes.EMPTY,
                role -> Bytes.EMPTY);
    assertEquals(Bytes.owning(new byte[] {'\'', (byte) 0xff, '\''}), value);
  }

  @Test
  void statements_that_differ_in_their_values_have_one_shape() {
    assertEquals(
        shape("SELECT a FROM t WHERE id=5 AND b='x'"),
        shape("SELECT  a FROM t WHERE id = 77 /* c */ AND b = 'yy'"));
    assertNotEquals(shape("SELECT a FROM t"), shape("SELECT b FROM t"));
  }

  @Test
  void rows_of_literals_collapse_into_one() {
    Shape one = shape("INSERT INTO t VALUES (1,'a')");
    Shape three = shape("INSERT INTO t VALUES (1,'a'),(-2,NULL),(3,_utf8'c')");
    assertEquals(one.text(), three.text());
    assertEquals(3, three.rows());
    assertNotEquals(one.text(), shape("INSERT INTO t VALUES (1,'a'),(2,NOW())").text());
  }

  @Test
  void values_are_written_where_the_question_marks_stand() {
    Bytes sql = Bytes.utf8("INSERT INTO t VALUES (?, '?', -?, ?, ?, ?)");
    List<Integer> positions = Classifier.read(sql, Dialect.DEFAULT).facts().placeholders();
    Bytes bound =
        Placeholders.bind(
            sql,
            positions,
            List.of(
                new Literal.Text(Bytes.utf8("it's \\")),
                Literal.Whole.ofUnsigned(-1),
                new Literal.Approximate(1.0),
                new Literal.Exact(new BigDecimal("10.50")),
                new Literal.Binary(Bytes.owning(new byte[] {0, (byte) 0xab}))),
            false);
    assertEquals(
        "INSERT INTO t VALUES ( 'it''s \\\\', '?', - 18446744073709551615,  1.0E0,  10.50,"
            + "  x'00AB')",
        bound.latin1());
    assertEquals("'a\\b'", new Literal.Text(Bytes.utf8("a\\b")).render(true).latin1());
  }
}
