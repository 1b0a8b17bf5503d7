package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The description of one column (MariaDB: Result Set Packets, Column definition).
 *
 * @param collation id, two bytes here
 * @param length the longest value, in bytes; 32 bits, unsigned
 * @param type of {@link FieldType}
 * @param flags NOT NULL, UNSIGNED, BINARY and so on
 * @param extended what EXTENDED_METADATA adds: pairs of a kind (0 type, 1 format) and a
 *     length-encoded name, none for most columns; absent on a connection without it
 */
public record ColumnDefinition(
    String schema,
    String table,
    String originalTable,
    String name,
    String originalName,
    int collation,
    long length,
    int type,
    int flags,
    int decimals,
    Optional<Bytes> extended) {
  private static final int FIXED_BYTES = 0x0c;

  /** The fixed part with its length ends a definition (but in answers to COM_FIELD_LIST). */
  private static final int END_BYTES = FIXED_BYTES + 1;

  private static final int NAMES = 6;
  private static final int FLAG_NOT_NULL = 1;
  private static final int FLAG_UNSIGNED = 32;
  private static final int FLAG_BINARY = 128;
  private static final int NO_DECIMALS = 39;

  /** A column of text in utf8mb4, with a value in each row. */
  public static ColumnDefinition text(String name, long bytes) {
    return text(name, bytes, Collations.UTF8MB4_GENERAL_CI);
  }

  /** The same in the character set of a collation. */
  public static ColumnDefinition text(String name, long bytes, int collation) {
    return new ColumnDefinition(
        "",
        "",
        "",
        name,
        name,
        collation,
        bytes,
        FieldType.VAR_STRING,
        FLAG_NOT_NULL,
        NO_DECIMALS,
        Optional.empty());
  }

  /** A column of an error's code. */
  public static ColumnDefinition code(String name) {
    return whole(name, 4, FieldType.LONG, FLAG_NOT_NULL | FLAG_UNSIGNED | FLAG_BINARY);
  }

  /** A column of unsigned 64-bit integers. */
  public static ColumnDefinition count(String name) {
    return whole(name, 21, FieldType.LONGLONG, FLAG_UNSIGNED | FLAG_BINARY);
  }

  private static ColumnDefinition whole(String name, long digits, int type, int flags) {
    return new ColumnDefinition(
        "", "", "", name, "", Collations.BINARY, digits, type, flags, 0, Optional.empty());
  }

  public static ColumnDefinition decode(Buffer payload) {
    return decode(new PayloadReader(payload));
  }

  static ColumnDefinition decode(PayloadReader in) {
    in.lenencBytes();
    String schema = in.lenencBytes().utf8();
    String table = in.lenencBytes().utf8();
    String originalTable = in.lenencBytes().utf8();
    String name = in.lenencBytes().utf8();
    String originalName = in.lenencBytes().utf8();
    Optional<Bytes> extended =
        in.remaining() > END_BYTES ? Optional.of(in.lenencBytes()) : Optional.empty();
    PayloadReader fixed = in.lenencPart();
    return new ColumnDefinition(
        schema,
        table,
        originalTable,
        name,
        originalName,
        fixed.u16(),
        fixed.u32(),
        fixed.u8(),
        fixed.u16(),
        fixed.u8(),
        extended);
  }

  /**
   * A definition in the form for a connection with or without EXTENDED_METADATA: what is too much
   * is left out; what is not there cannot be told. Empty if it has that form already.
   */
  static Optional<Bytes> fitted(Bytes payload, boolean extended) {
    PayloadReader in = new PayloadReader(Buffer.buffer(payload.view()));
    for (int i = 0; i < NAMES; i++) {
      in.lenencBytes();
    }
    boolean has = in.remaining() > END_BYTES;
    if (has == extended) {
      return Optional.empty();
    }
    Buffer whole = Buffer.buffer(payload.view());
    Buffer fitted = whole.getBuffer(0, whole.length() - in.remaining());
    if (extended) {
      fitted.appendByte((byte) 0);
    }
    fitted.appendBuffer(whole, whole.length() - END_BYTES, END_BYTES);
    return Optional.of(Bytes.owning(fitted.getBytes()));
  }

  public PacketWriter encode(PacketWriter out) {
    out.begin()
        .lenencBytes(Bytes.utf8("def"))
        .lenencUtf8(schema)
        .lenencUtf8(table)
        .lenencUtf8(originalTable)
        .lenencUtf8(name)
        .lenencUtf8(originalName);
    extended.ifPresent(out::lenencBytes);
    return out.lenenc(FIXED_BYTES)
        .u16(collation)
        .u32(length)
        .u8(type)
        .u16(flags)
        .u8(decimals)
        .zeros(2)
        .end();
  }
}
