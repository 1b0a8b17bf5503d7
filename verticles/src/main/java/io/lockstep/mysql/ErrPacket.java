package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads and writes ERR packets (MariaDB: ERR_Packet). */
public final class ErrPacket {
  static final int MARKER = 0xff;
  private static final String STATE_UNKNOWN = "HY000";

  private ErrPacket() {}

  public static MySqlError decode(Buffer payload) {
    return decode(payload, 0, payload.length());
  }

  static MySqlError decode(Buffer in, int from, int end) {
    return decode(in, from, end, StandardCharsets.UTF_8);
  }

  static MySqlError decode(Buffer in, int from, int end, Charset charset) {
    PayloadReader reader = new PayloadReader(in, from, end);
    if (reader.u8() != MARKER) {
      throw ProtocolException.malformed("not an ERR packet");
    }
    int code = reader.u16();
    String state = STATE_UNKNOWN;
    // Errors from before the handshake's end have no SQLSTATE.
    if (reader.remaining() >= 6 && in.getByte(from + 3) == '#') {
      reader.skip(1);
      state = reader.bytes(5).latin1();
    }
    String message = MessageText.decode(reader.rest(), charset);
    if (code == 0) {
      throw ProtocolException.malformed("an error without a code");
    }
    return new MySqlError(code, state, message);
  }

  public static PacketWriter encode(PacketWriter out, MySqlError error) {
    return encode(out, error, StandardCharsets.UTF_8);
  }

  /** For a client that reads messages in {@code charset}. */
  public static PacketWriter encode(PacketWriter out, MySqlError error, Charset charset) {
    return out.begin()
        .u8(MARKER)
        .u16(error.code())
        .u8('#')
        .bytes(Bytes.ofLatin1(error.sqlState()))
        .bytes(MessageText.encode(error.message(), charset))
        .end();
  }
}
