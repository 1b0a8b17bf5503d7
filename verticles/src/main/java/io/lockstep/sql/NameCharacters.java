package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.Refused;
import java.util.Optional;

/**
 * What no name may hold: characters beyond the basic plane ("Identifier Names"). The server refuses
 * them with 1300 wherever they stand, and its catalogues cannot even be asked for them (1267).
 */
final class NameCharacters {
  /** The first byte of a character of four, in UTF-8. */
  private static final int FIRST_OF_FOUR = 0xf0;

  /** As much of the name as the server shows. */
  private static final int SHOWN_MAX = 64;

  private static final String CUT = "...";

  /** What Java makes of bytes that are no character. */
  private static final int UNREADABLE = 0xfffd;

  private NameCharacters() {}

  /** The refusal of the first name of the text that cannot be one. */
  static Optional<Refused> refusal(Tokens tokens) {
    if (!tokens.dialect().charset().equals(ClientCharset.UTF8)) {
      return Optional.empty();
    }
    for (int i = 0; i < tokens.count(); i++) {
      if (isNamed(tokens.kind(i)) && holdsFourBytes(tokens, i)) {
        String name = shown(Bytes.utf8(tokens.name(i)));
        return Optional.of(
            new Refused(1300, "HY000", "Invalid utf8mb4 character string: '" + name + "'"));
      }
    }
    return Optional.empty();
  }

  /**
   * The text of the tokens from {@code from} to before {@code to} as the name of a column, one
   * character for each byte: a question mark where no name can go on, as the server shows it.
   */
  static String named(Tokens tokens, int from, int to) {
    Bytes written = tokens.textOf(from, to);
    if (!tokens.dialect().charset().equals(ClientCharset.UTF8)) {
      return written.latin1();
    }
    StringBuilder name = new StringBuilder();
    written
        .utf8()
        .codePoints()
        .map(c -> Character.isSupplementaryCodePoint(c) || c == UNREADABLE ? '?' : c)
        .forEach(name::appendCodePoint);
    return Bytes.utf8(name.toString()).latin1();
  }

  private static boolean isNamed(TokenKind kind) {
    return switch (kind) {
      case WORD, QUOTED, USER_VARIABLE, SYSTEM_VARIABLE -> true;
      case STRING, INTEGER, DECIMAL, FLOAT, BINARY, PLACEHOLDER, SYMBOL -> false;
    };
  }

  private static boolean holdsFourBytes(Tokens tokens, int index) {
    byte[] text = tokens.text().view();
    for (int i = tokens.start(index); i < tokens.end(index); i++) {
      if ((text[i] & 0xff) >= FIRST_OF_FOUR) {
        return true;
      }
    }
    return false;
  }

  /** As the server writes a string that it cannot read ({@code ErrConvString}). */
  private static String shown(Bytes name) {
    StringBuilder shown = new StringBuilder();
    for (byte b : name.view()) {
      shown.append(b >= ' ' && b < 0x7f ? String.valueOf((char) b) : "\\x%02X".formatted(b & 0xff));
    }
    return shown.length() <= SHOWN_MAX
        ? shown.toString()
        : shown.substring(0, SHOWN_MAX - CUT.length()) + CUT;
  }
}
