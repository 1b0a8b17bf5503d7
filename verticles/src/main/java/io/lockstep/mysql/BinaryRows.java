package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the answer to a text query into the answer to the execution of a prepared statement
 * (MariaDB KB, Result Set Packets: Binary Resultset Row): packet by packet, of which only rows
 * change. FLOAT has the six digits of the text. One instance serves one answer.
 */
public final class BinaryRows {
  /** A NULL's bit lies behind two that have no use. */
  private static final int UNUSED_BITS = 2;

  private final ReplyTracker tracker = new ReplyTracker(ReplyShape.RESULTS);
  private final List<Integer> types = new ArrayList<>();

  /** The payload to send in the place of the next one. */
  public Buffer instead(Buffer payload) {
    return switch (tracker.packet(payload, 0, payload.length())) {
      case HEADER -> {
        types.clear();
        yield payload;
      }
      case DEFINITION -> {
        types.add(ColumnDefinition.decode(payload).type());
        yield payload;
      }
      case ROW -> row(payload);
      default -> payload;
    };
  }

  private Buffer row(Buffer text) {
    PayloadReader in = new PayloadReader(text);
    byte[] nulls = new byte[(types.size() + UNUSED_BITS + 7) / 8];
    PacketWriter values = new PacketWriter(0);
    for (int i = 0; i < types.size(); i++) {
      Optional<Bytes> value = in.nullMarker() ? Optional.empty() : Optional.of(in.lenencBytes());
      if (value.isPresent()) {
        value(values, types.get(i), value.get());
      } else {
        int bit = i + UNUSED_BITS;
        nulls[bit / 8] = (byte) (nulls[bit / 8] | 1 << bit % 8);
      }
    }
    return Buffer.buffer(1 + nulls.length + values.length())
        .appendByte((byte) 0)
        .appendBytes(nulls)
        .appendBuffer(values.toBuffer());
  }

  private static void value(PacketWriter out, int type, Bytes value) {
    switch (type) {
      case FieldType.TINY -> out.u8((int) number(value));
      case FieldType.SHORT, FieldType.YEAR -> out.u16((int) number(value));
      case FieldType.LONG, FieldType.INT24 -> out.u32(number(value));
      case FieldType.LONGLONG -> out.i64(number(value));
      case FieldType.FLOAT ->
          out.u32(Float.floatToRawIntBits(Float.parseFloat(value.latin1())) & 0xffff_ffffL);
      case FieldType.DOUBLE ->
          out.i64(Double.doubleToRawLongBits(Double.parseDouble(value.latin1())));
      case FieldType.DATE, FieldType.DATETIME, FieldType.TIMESTAMP, FieldType.NEWDATE ->
          TemporalText.date(out, value.latin1());
      case FieldType.TIME -> TemporalText.time(out, value.latin1());
      default -> out.lenencBytes(value);
    }
  }

  private static long number(Bytes digits) {
    String text = digits.latin1();
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }
}
