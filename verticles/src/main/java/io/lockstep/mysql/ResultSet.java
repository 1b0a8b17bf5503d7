package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * A result set that Lockstep makes or changes itself, as text values; NULL is an empty value.
 *
 * @param columns at least one
 * @param rows each as long as {@code columns}; integer columns hold decimal digits
 */
public record ResultSet(List<ColumnDefinition> columns, List<List<Optional<Bytes>>> rows) {
  /** Rows past this number are a mistake: large results are relayed, not built. */
  public static final int ROWS_MAX = 100_000;

  public ResultSet {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    Require.that(!columns.isEmpty(), "a result set has a column");
    Require.that(rows.size() <= ROWS_MAX, "a result set has at most " + ROWS_MAX + " rows");
    for (List<Optional<Bytes>> row : rows) {
      Require.that(row.size() == columns.size(), "a row has a value for each column");
    }
  }

  /** The first result set of a text answer, from the payloads of its packets. */
  public static ResultSet ofText(List<Bytes> payloads) {
    int columns = (int) new PayloadReader(Buffer.buffer(payloads.get(0).view())).lenenc();
    List<ColumnDefinition> definitions =
        payloads.subList(1, columns + 1).stream()
            .map(payload -> ColumnDefinition.decode(Buffer.buffer(payload.view())))
            .toList();
    return new ResultSet(definitions, TextRows.of(new Reply.Rows(payloads, columns, 0, 0)).rows());
  }

  /** For an answer to COM_QUERY. */
  public Buffer text(int firstSequence, int status, int warnings) {
    PacketWriter out = head(firstSequence, status);
    for (List<Optional<Bytes>> row : rows) {
      out.begin();
      for (Optional<Bytes> value : row) {
        value.ifPresentOrElse(out::lenencBytes, out::nullMarker);
      }
      out.end();
    }
    return new EofPacket(warnings, status).encode(out).toBuffer();
  }

  /** For an answer to COM_STMT_EXECUTE. */
  public Buffer binary(int firstSequence, int status, int warnings) {
    PacketWriter out = head(firstSequence, status);
    for (List<Optional<Bytes>> row : rows) {
      out.begin().u8(0).bytes(nulls(row));
      for (int i = 0; i < columns.size(); i++) {
        int type = columns.get(i).type();
        row.get(i).ifPresent(value -> binary(out, type, value));
      }
      out.end();
    }
    return new EofPacket(warnings, status).encode(out).toBuffer();
  }

  /** The definitions alone with their EOF, as they follow the header of a prepared statement. */
  public PacketWriter definitions(PacketWriter out, int status) {
    columns.forEach(column -> column.encode(out));
    return new EofPacket(0, status).encode(out);
  }

  private PacketWriter head(int firstSequence, int status) {
    PacketWriter out = new PacketWriter(firstSequence);
    return definitions(out.begin().lenenc(columns.size()).end(), status);
  }

  /** One bit for each NULL; the first two bits are unused. */
  private static byte[] nulls(List<Optional<Bytes>> row) {
    byte[] bits = new byte[(row.size() + 9) / 8];
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i).isEmpty()) {
        int bit = i + 2;
        bits[bit / 8] = (byte) (bits[bit / 8] | 1 << bit % 8);
      }
    }
    return bits;
  }

  private static void binary(PacketWriter out, int type, Bytes value) {
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
