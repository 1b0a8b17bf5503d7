package io.lockstep.sql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Everything outside the text that decides how the server reads it.
 *
 * @param noBackslashEscapes a backslash in a string is a plain character
 * @param ansiQuotes double quotes enclose identifiers
 * @param noAutoValueOnZero a 0 given to an AUTO_INCREMENT column is stored, not replaced
 * @param oracle the server's Oracle grammar is on; what is not a plain read is refused
 * @param serverVersion such as 101119 or 110405; decides which executable comments are code
 * @param identifiers how the bytes of an identifier are to be read
 */
public record Dialect(
    boolean noBackslashEscapes,
    boolean ansiQuotes,
    boolean noAutoValueOnZero,
    boolean oracle,
    int serverVersion,
    Charset identifiers) {
  /** The oldest server this understands; assumed where the version is not known. */
  public static final int SERVER_VERSION_MIN = 101100;

  /** The defaults of a session that changed nothing. */
  public static final Dialect DEFAULT =
      new Dialect(false, false, false, false, SERVER_VERSION_MIN, StandardCharsets.UTF_8);

  /**
   * Character sets in which a multi-byte character may contain a quote, a backslash or a backtick:
   * text in them cannot be read byte by byte. (The list of the server's {@code
   * CHARSET_INFO.escape_with_backslash_is_dangerous}, and those that no client may use.)
   */
  private static final Set<String> UNREADABLE =
      Set.of("big5", "cp932", "gbk", "sjis", "gb18030", "ucs2", "utf16", "utf16le", "utf32");

  /** Reads the value of {@code @@sql_mode}; the server writes combined modes out in full. */
  public static Dialect of(String sqlMode, int serverVersion) {
    String modes = "," + sqlMode.toUpperCase(Locale.ROOT).replace(" ", "") + ",";
    boolean oracle = modes.contains(",ORACLE,");
    return new Dialect(
        modes.contains(",NO_BACKSLASH_ESCAPES,"),
        modes.contains(",ANSI_QUOTES,") || modes.contains(",ANSI,"),
        modes.contains(",NO_AUTO_VALUE_ON_ZERO,"),
        oracle,
        serverVersion,
        StandardCharsets.UTF_8);
  }

  /** The same, for a client whose {@code character_set_client} is {@code charset}. */
  public Dialect withClientCharset(String charset) {
    Charset reading =
        charset.toLowerCase(Locale.ROOT).startsWith("utf8")
            ? StandardCharsets.UTF_8
            : StandardCharsets.ISO_8859_1;
    return new Dialect(
        noBackslashEscapes, ansiQuotes, noAutoValueOnZero, oracle, serverVersion, reading);
  }

  /** Whether text in this character set can be read at all; a gateway refuses the others. */
  public static boolean readable(String charset) {
    return !UNREADABLE.contains(charset.toLowerCase(Locale.ROOT));
  }
}
