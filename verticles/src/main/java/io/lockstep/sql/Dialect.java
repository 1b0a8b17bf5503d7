package io.lockstep.sql;

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
 * @param charset how the bytes of the text are to be read
 */
public record Dialect(
    boolean noBackslashEscapes,
    boolean ansiQuotes,
    boolean noAutoValueOnZero,
    boolean oracle,
    int serverVersion,
    ClientCharset charset) {
  /** The oldest server this understands; assumed where the version is not known. */
  public static final int SERVER_VERSION_MIN = 101100;

  /** The defaults of a session that changed nothing. */
  public static final Dialect DEFAULT =
      new Dialect(false, false, false, false, SERVER_VERSION_MIN, ClientCharset.UTF8);

  /**
   * Character sets of more than one byte for every character, which the server takes from no
   * client.
   */
  private static final Set<String> UNREADABLE = Set.of("ucs2", "utf16", "utf16le", "utf32");

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
        ClientCharset.UTF8);
  }

  /** The same, for a client whose {@code character_set_client} is {@code charset}. */
  public Dialect withClientCharset(String charset) {
    return new Dialect(
        noBackslashEscapes,
        ansiQuotes,
        noAutoValueOnZero,
        oracle,
        serverVersion,
        ClientCharset.of(charset));
  }

  /** Whether text in this character set can be read at all; a gateway refuses the others. */
  public static boolean readable(String charset) {
    return !UNREADABLE.contains(charset.toLowerCase(Locale.ROOT));
  }
}
