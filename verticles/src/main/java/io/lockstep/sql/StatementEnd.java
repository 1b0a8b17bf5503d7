package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.Arrays;

/**
 * Where a statement ends. Semicolons and white space behind it are no part of it, as the server
 * cuts them off before it parses ({@code alloc_query} in its sql_parse.cc); nor is a semicolon that
 * only a comment follows.
 */
final class StatementEnd {
  private StatementEnd() {}

  /** The statement without what is behind it. */
  static Tokens cut(Bytes text, Dialect dialect) {
    Tokens tokens = SqlLexer.read(withoutGarbage(text), dialect);
    int last = tokens.count() - 1;
    return last >= 0 && tokens.isSymbol(last, ';')
        ? SqlLexer.read(tokens.slice(0, tokens.start(last)), dialect)
        : tokens;
  }

  private static Bytes withoutGarbage(Bytes text) {
    byte[] bytes = text.view();
    int end = bytes.length;
    while (end > 0 && isGarbage(bytes[end - 1])) {
      end--;
    }
    return end == bytes.length ? text : Bytes.owning(Arrays.copyOf(bytes, end));
  }

  private static boolean isGarbage(byte one) {
    return one == ';' || one == ' ' || (one >= '\t' && one <= '\r');
  }
}
