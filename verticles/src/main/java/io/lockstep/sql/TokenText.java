package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;

/** Takes tokens out of their quotes, by the rules of the server's lexer. */
final class TokenText {
  private TokenText() {}

  static String name(Tokens tokens, int index) {
    int start = tokens.start(index);
    int end = tokens.end(index);
    Bytes content =
        switch (tokens.kind(index)) {
          case QUOTED -> unescape(tokens, start, end, false);
          case STRING -> string(tokens, index);
          case USER_VARIABLE -> variable(tokens, start + 1, end);
          case WORD, INTEGER, DECIMAL, FLOAT, BINARY, PLACEHOLDER, SYSTEM_VARIABLE, SYMBOL ->
              tokens.slice(start, end);
        };
    return new String(content.view(), tokens.dialect().charset().java());
  }

  /** The content of a string token. */
  static Bytes string(Tokens tokens, int index) {
    byte[] text = tokens.text().view();
    int start = tokens.start(index);
    if (text[start] == 'n' || text[start] == 'N') {
      start++;
    }
    return unescape(tokens, start, tokens.end(index), !tokens.dialect().noBackslashEscapes());
  }

  private static Bytes variable(Tokens tokens, int start, int end) {
    byte[] text = tokens.text().view();
    if (start >= end) {
      return Bytes.EMPTY;
    }
    return switch (text[start]) {
      case '`' -> unescape(tokens, start, end, false);
      case '\'', '"' -> unescape(tokens, start, end, !tokens.dialect().noBackslashEscapes());
      default -> tokens.slice(start, end);
    };
  }

  private static Bytes unescape(Tokens tokens, int start, int end, boolean backslash) {
    byte[] text = tokens.text().view();
    ClientCharset charset = tokens.dialect().charset();
    byte quote = text[start];
    int last = end - 1 > start && text[end - 1] == quote ? end - 1 : end;
    ByteArrayOutputStream out = new ByteArrayOutputStream(last - start);
    for (int i = start + 1; i < last; i++) {
      byte c = text[i];
      if (charset.length(text, i) == 2 && i + 1 < last) {
        out.write(c);
        i++;
        out.write(text[i]);
      } else if (c == quote && i + 1 < last && text[i + 1] == quote) {
        i++;
        out.write(c);
      } else if (backslash && c == '\\' && i + 1 < last) {
        i++;
        escaped(out, text[i]);
      } else {
        out.write(c);
      }
    }
    return Bytes.owning(out.toByteArray());
  }

  /** MariaDB knowledge base, "String Literals": escape sequences. */
  private static void escaped(ByteArrayOutputStream out, byte c) {
    switch (c) {
      case '0' -> out.write(0);
      case 'b' -> out.write('\b');
      case 'n' -> out.write('\n');
      case 'r' -> out.write('\r');
      case 't' -> out.write('\t');
      case 'Z' -> out.write(26);
      case '%', '_' -> {
        out.write('\\');
        out.write(c);
      }
      default -> out.write(c);
    }
  }
}
