package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientCharsetTest {
  /** Its second byte in Shift_JIS is a backslash. */
  private static final String SO = "\u30bd";

  /** Its second byte in Shift_JIS is a backtick. */
  private static final String BACKTICK = "\u30c3"; // 0x8362

  private static final String MI = "\u30df"; // 0x837e

  @Test
  void a_backslash_that_ends_a_character_escapes_nothing() {
    Tokens tokens = tokens("SELECT '" + SO + "', 'b'", "sjis", "Shift_JIS");
    assertFalse(tokens.unterminated());
    assertEquals(4, tokens.count());
    assertEquals(SO, new String(TokenText.string(tokens, 1).view(), Charset.forName("Shift_JIS")));
  }

  @Test
  void the_same_bytes_are_two_characters_elsewhere() {
    byte[] text = ("SELECT '" + SO + "', 'b'").getBytes(Charset.forName("Shift_JIS"));
    Dialect latin1 = Dialect.DEFAULT.withClientCharset("latin1");
    assertTrue(SqlLexer.read(Bytes.owning(text), latin1).unterminated());
  }

  @Test
  void a_quote_that_ends_a_character_ends_no_name() {
    byte[] text = {'`', (byte) 0x81, '`', '`', ' ', 'x'};
    Tokens tokens = SqlLexer.read(Bytes.owning(text), Dialect.DEFAULT.withClientCharset("gbk"));
    assertFalse(tokens.unterminated());
    assertEquals(2, tokens.count());
    assertTrue(tokens.is(1, "X"));
  }

  @Test
  void a_name_is_decoded_by_its_own_character_set() {
    for (List<String> one :
        List.of(
            List.of("sjis", "Shift_JIS"),
            List.of("ujis", "EUC-JP"),
            List.of("cp932", "windows-31j"),
            List.of("utf8mb3", "UTF-8"),
            List.of("gb18030", "GB18030"))) {
      String name = "t" + SO + BACKTICK + MI;
      Tokens tokens = tokens("DROP TABLE " + name + ", `" + name + "`", one.get(0), one.get(1));
      assertEquals(5, tokens.count(), one.get(0));
      assertEquals(name, tokens.name(2), one.get(0));
      assertEquals(name, tokens.name(4), one.get(0));
    }
    assertEquals("\u0436", tokens("USE \u0436", "cp1251", "windows-1251").name(1));
  }

  private static Tokens tokens(String sql, String charset, String java) {
    Bytes text = Bytes.owning(sql.getBytes(Charset.forName(java)));
    return SqlLexer.read(text, Dialect.DEFAULT.withClientCharset(charset));
  }
}
