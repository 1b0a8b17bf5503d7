package io.lockstep.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** SQL literals that mean the same under every {@code sql_mode}. */
final class SqlText {
  private SqlText() {}

  /** A string. Only a backslash depends on the mode, so text that has one travels as hex. */
  static String string(String value) {
    if (value.indexOf('\\') < 0) {
      return "'" + value.replace("'", "''") + "'";
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return "_utf8mb4 X'" + HexFormat.of().formatHex(utf8) + "'";
  }

  /**
   * Bytes without a character set.
   *
   * @throws IllegalArgumentException when the text is not Base64
   */
  static String binary(String base64) {
    return "X'" + HexFormat.of().formatHex(Base64.getDecoder().decode(base64)) + "'";
  }
}
