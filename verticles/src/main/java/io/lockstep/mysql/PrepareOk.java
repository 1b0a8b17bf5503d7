package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/**
 * The first packet of the answer to COM_STMT_PREPARE (MariaDB: COM_STMT_PREPARE response).
 *
 * @param statementId 32 bits, unsigned, unique in its connection
 */
public record PrepareOk(long statementId, int columns, int parameters, int warnings) {
  public static PrepareOk decode(Buffer payload) {
    return decode(payload, 0, payload.length());
  }

  static PrepareOk decode(Buffer in, int from, int end) {
    PayloadReader reader = new PayloadReader(in, from, end);
    if (reader.u8() != 0) {
      throw ProtocolException.malformed("not the header of a prepared statement");
    }
    long id = reader.u32();
    int columns = reader.u16();
    int parameters = reader.u16();
    int warnings = 0;
    if (reader.remaining() >= 3) {
      reader.skip(1);
      warnings = reader.u16();
    }
    return new PrepareOk(id, columns, parameters, warnings);
  }

  public PacketWriter encode(PacketWriter out) {
    return out.begin()
        .u8(0)
        .u32(statementId)
        .u16(columns)
        .u16(parameters)
        .u8(0)
        .u16(Math.min(warnings, 0xffff))
        .end();
  }
}
