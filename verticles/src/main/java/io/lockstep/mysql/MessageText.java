package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The texts of errors and warnings in the character set that their reader has asked for ({@code
 * character_set_results}). What it lacks is written as {@code \00E9}, as the server does it
 * (sql_error.cc, {@code convert_error_message}).
 */
public final class MessageText {
  private static final int BMP_END = 0x10000;

  private MessageText() {}

  /** The bytes that a reader of {@code charset} understands. */
  public static Bytes encode(String text, Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return Bytes.utf8(text);
    }
    CharsetEncoder encoder = charset.newEncoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    text.codePoints().forEach(point -> out.writeBytes(encode(point, encoder)));
    return Bytes.owning(out.toByteArray());
  }

  private static byte[] encode(int point, CharsetEncoder encoder) {
    String character = Character.toString(point);
    if (encoder.canEncode(character)) {
      return character.getBytes(encoder.charset());
    }
    return String.format(point < BMP_END ? "\\%04X" : "\\+%06X", point)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The text that was sent to a reader of {@code charset}. */
  public static String decode(Bytes sent, Charset charset) {
    return charset.equals(StandardCharsets.UTF_8) ? sent.utf8() : new String(sent.view(), charset);
  }
}
