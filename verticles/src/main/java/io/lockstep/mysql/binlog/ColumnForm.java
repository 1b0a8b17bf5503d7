package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.PayloadReader;

/**
 * How a column's values are written in row events: its type there and what belongs to that
 * (MariaDB: TABLE_MAP_EVENT, metadata of columns).
 *
 * @param type the server's number for the type
 * @param meta what the type's own form needs: a length, a number of digits
 */
public record ColumnForm(int type, int meta) {
  static final int TINY = 1;
  static final int SHORT = 2;
  static final int LONG = 3;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int LONGLONG = 8;
  static final int INT24 = 9;
  static final int DATE = 10;
  static final int YEAR = 13;
  static final int VARCHAR = 15;
  static final int BIT = 16;
  static final int TIMESTAMP2 = 17;
  static final int DATETIME2 = 18;
  static final int TIME2 = 19;
  static final int BLOB_COMPRESSED = 140;
  static final int VARCHAR_COMPRESSED = 141;
  static final int DECIMAL = 246;
  static final int ENUM = 247;
  static final int SET = 248;
  static final int BLOB = 252;
  static final int STRING = 254;
  static final int GEOMETRY = 255;

  /** Lengths above this take two bytes. */
  private static final int ONE_BYTE_MAX = 255;

  static ColumnForm of(int type, PayloadReader meta) {
    return switch (type) {
      case FLOAT, DOUBLE, BLOB, GEOMETRY, BLOB_COMPRESSED, TIMESTAMP2, DATETIME2, TIME2 ->
          new ColumnForm(type, meta.u8());
      case VARCHAR, VARCHAR_COMPRESSED -> new ColumnForm(type, meta.u16());
      case BIT -> new ColumnForm(type, meta.u8() + meta.u8() * 8);
      case DECIMAL -> new ColumnForm(type, meta.u8() << 8 | meta.u8());
      case STRING, ENUM, SET -> string(meta.u8(), meta.u8());
      default -> new ColumnForm(type, 0);
    };
  }

  /** CHAR, BINARY, ENUM and SET share one number; two bits of the length hide in the real one. */
  private static ColumnForm string(int realType, int length) {
    return (realType & 0x30) == 0x30
        ? new ColumnForm(realType, length)
        : new ColumnForm(realType | 0x30, length | ((realType & 0x30) ^ 0x30) << 4);
  }

  /**
   * The next value's own bytes.
   *
   * @throws UnreadableRowException for a form that is not known here
   */
  Bytes value(PayloadReader in) {
    return switch (type) {
      case TINY, YEAR -> in.bytes(1);
      case SHORT -> in.bytes(2);
      case INT24, DATE -> in.bytes(3);
      case LONG, FLOAT -> in.bytes(4);
      case LONGLONG, DOUBLE -> in.bytes(8);
      case BIT -> in.bytes((meta + 7) / 8);
      case TIMESTAMP2 -> in.bytes(4 + fractionBytes());
      case DATETIME2 -> in.bytes(5 + fractionBytes());
      case TIME2 -> in.bytes(3 + fractionBytes());
      case DECIMAL -> in.bytes(new DecimalForm(meta >> 8, meta & 0xff).bytes());
      case ENUM, SET -> in.bytes(meta);
      case STRING, VARCHAR -> in.bytes(meta > ONE_BYTE_MAX ? in.u16() : in.u8());
      case BLOB, GEOMETRY -> in.bytes(blobLength(in));
      default -> throw new UnreadableRowException("a column of the binary log's type " + type);
    };
  }

  private int fractionBytes() {
    return (meta + 1) / 2;
  }

  private int blobLength(PayloadReader in) {
    return switch (meta) {
      case 1 -> in.u8();
      case 2 -> in.u16();
      case 3 -> in.u24();
      default -> Math.toIntExact(in.u32());
    };
  }
}
