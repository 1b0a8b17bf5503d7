package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/** An EOF packet (MariaDB: EOF_Packet). */
public record EofPacket(int warnings, int status) {
  static final int MARKER = 0xfe;

  /** A packet with the marker is an EOF only if it is shorter than this. */
  static final int LENGTH_LIMIT = 9;

  public static EofPacket decode(Buffer payload) {
    return decode(payload, 0, payload.length());
  }

  static EofPacket decode(Buffer in, int from, int end) {
    PayloadReader reader = new PayloadReader(in, from, end);
    if (reader.u8() != MARKER) {
      throw ProtocolException.malformed("not an EOF packet");
    }
    return new EofPacket(reader.u16(), reader.u16());
  }

  public PacketWriter encode(PacketWriter out) {
    return out.begin().u8(MARKER).u16(Math.min(warnings, 0xffff)).u16(status).end();
  }
}
