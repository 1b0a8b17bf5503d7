package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/**
 * The description of one column (MariaDB: Result Set Packets, Column definition).
 *
 * @param collation id, two bytes here
 * @param length the longest value, in bytes; 32 bits, unsigned
 * @param type of {@link FieldType}
 * @param flags NOT NULL, UNSIGNED, BINARY and so on
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
    int decimals) {
  private static final int FIXED_BYTES = 0x0c;
  private static final int FLAG_BINARY = 128;
  private static final int NO_DECIMALS = 39;

  /** A column of text in utf8mb4. */
  public static ColumnDefinition text(String name) {
    return new ColumnDefinition(
        "",
        "",
        "",
        name,
        name,
        Collations.UTF8MB4_GENERAL_CI,
        1024,
        FieldType.VAR_STRING,
        0,
        NO_DECIMALS);
  }

  /** A column of signed 64-bit integers. */
  public static ColumnDefinition whole(String name) {
    return new ColumnDefinition(
        "", "", "", name, name, Collations.BINARY, 21, FieldType.LONGLONG, FLAG_BINARY, 0);
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
        fixed.u8());
  }

  public PacketWriter encode(PacketWriter out) {
    return out.begin()
        .lenencBytes(Bytes.utf8("def"))
        .lenencUtf8(schema)
        .lenencUtf8(table)
        .lenencUtf8(originalTable)
        .lenencUtf8(name)
        .lenencUtf8(originalName)
        .lenenc(FIXED_BYTES)
        .u16(collation)
        .u32(length)
        .u8(type)
        .u16(flags)
        .u8(decimals)
        .zeros(2)
        .end();
  }
}
