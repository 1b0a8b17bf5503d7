package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import io.lockstep.sql.ClientCharset;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MessageTextTest {
  private static final String TEXT = "'\u00e9\u65e5\ud83d\ude00'";

  private static String latin1(String text, String literal) {
    return MessageText.encode(text, ClientCharset.ofMessages(literal)).latin1();
  }

  @Test
  void a_client_gets_its_own_bytes_and_numbers_for_what_it_cannot_read() {
    assertEquals("'\u00e9\\65E5\\+01F600'", latin1(TEXT, "'latin1'"));
    assertEquals("'\\00E9\u0093\u00fa\\+01F600'", latin1(TEXT, "'sjis'"));
    assertEquals("'\\00E9\\65E5\\+01F600'", latin1(TEXT, "'armscii8'"));
  }

  @Test
  void without_a_character_set_texts_are_utf8() {
    for (String literal : new String[] {"NULL", "'binary'", "'utf8mb3'", "'utf8mb4'"}) {
      Charset charset = ClientCharset.ofMessages(literal);
      assertEquals(StandardCharsets.UTF_8, charset);
      assertEquals(TEXT, MessageText.encode(TEXT, charset).utf8());
    }
  }

  @Test
  void what_a_database_sent_is_read_as_its_client_would_read_it() {
    Charset charset = ClientCharset.ofMessages("'latin2'");
    assertEquals("n\u010d", MessageText.decode(Bytes.ofLatin1("n\u00e8"), charset));
    assertEquals("\u00e9", MessageText.decode(Bytes.utf8("\u00e9"), StandardCharsets.UTF_8));
  }
}
