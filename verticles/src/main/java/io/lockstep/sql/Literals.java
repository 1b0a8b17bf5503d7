package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;

/** Writes content as SQL literals that every server reads back byte by byte. */
final class Literals {
  private static final byte[] HEX =
      "0123456789ABCDEF".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private Literals() {}

  static Bytes quoted(Bytes content, boolean noBackslashEscapes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length() + 16);
    out.write('\'');
    for (byte c : content.view()) {
      if (c == '\'') {
        out.write('\'');
        out.write('\'');
      } else if (c == '\\' && !noBackslashEscapes) {
        out.write('\\');
        out.write('\\');
      } else if (c == 0 && !noBackslashEscapes) {
        out.write('\\');
        out.write('0');
      } else {
        out.write(c);
      }
    }
    out.write('\'');
    return Bytes.owning(out.toByteArray());
  }

  static Bytes hex(Bytes content) {
    byte[] out = new byte[content.length() * 2 + 3];
    out[0] = 'x';
    out[1] = '\'';
    int at = 2;
    for (byte c : content.view()) {
      out[at++] = HEX[(c >> 4) & 15];
      out[at++] = HEX[c & 15];
    }
    out[at] = '\'';
    return Bytes.owning(out);
  }
}
