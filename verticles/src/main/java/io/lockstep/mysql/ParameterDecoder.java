package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the parameters of one prepared statement (MariaDB: COM_STMT_EXECUTE,
 * COM_STMT_BULK_EXECUTE). Remembers between executions what the protocol lets a client leave out:
 * the types of the last execution and the long data sent since. Not thread-safe; one per statement
 * of a connection.
 */
public final class ParameterDecoder {
  /** ER_UNSUPPORTED_PS, in the server's words. */
  private static final MySqlError NO_ROWS =
      new MySqlError(
          1295, "HY000", "This command is not supported in the prepared statement protocol yet");

  private static final int UNSIGNED = 0x80;
  private static final int INDICATOR_NONE = 0;
  private static final int INDICATOR_NULL = 1;
  private static final int INDICATOR_DEFAULT = 2;
  private static final int INDICATOR_IGNORE = 3;

  private final int count;
  private final long longDataMax;
  private final Map<Integer, Buffer> longData = new TreeMap<>();
  private long longDataBytes;
  private int[] types = {};

  /**
   * @param count how many parameters the statement has
   * @param longDataMax bytes of long data that are kept for one execution
   */
  public ParameterDecoder(int count, long longDataMax) {
    this.count = count;
    this.longDataMax = longDataMax;
  }

  /**
   * Keeps a piece of long data.
   *
   * @throws ProtocolException 1153 past the bound, 1835 for a parameter that there is not
   */
  public void longData(Command.LongData data) {
    if (data.parameter() >= count) {
      throw ProtocolException.malformed("long data for a parameter that there is not");
    }
    longDataBytes += data.piece().length();
    if (longDataBytes > longDataMax) {
      throw ProtocolException.tooLarge();
    }
    longData
        .computeIfAbsent(data.parameter(), first -> Buffer.buffer())
        .appendBytes(data.piece().view());
  }

  /** Forgets long data: COM_STMT_RESET. */
  public void reset() {
    longData.clear();
    longDataBytes = 0;
  }

  /**
   * Reads the parameters of an execution; long data is used up by it.
   *
   * @throws ProtocolException 1835 if they do not fit the statement
   */
  public List<Parameter> decode(Buffer parameters) {
    try {
      return count == 0 ? List.of() : read(new PayloadReader(parameters));
    } finally {
      reset();
    }
  }

  /**
   * Reads the rows of a bulk execution.
   *
   * @throws ProtocolException 1835 if they do not fit the statement, 1295 if it has no parameters
   */
  public List<List<BulkValue>> decodeRows(Command.BulkExecute command) {
    if (count == 0) {
      throw new ProtocolException(NO_ROWS);
    }
    PayloadReader in = new PayloadReader(command.rows());
    if (command.typesFollow()) {
      types(in);
    }
    if (types.length != count) {
      throw ProtocolException.malformed("rows of parameters without their types");
    }
    List<List<BulkValue>> rows = new ArrayList<>();
    while (in.hasMore()) {
      List<BulkValue> row = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        row.add(bulkValue(types[i], in));
      }
      rows.add(row);
    }
    return rows;
  }

  private static BulkValue bulkValue(int type, PayloadReader in) {
    int indicator = in.u8();
    return switch (indicator) {
      case INDICATOR_NONE -> new BulkValue.Given(value(type, in));
      case INDICATOR_NULL -> new BulkValue.Given(new Parameter.Null());
      case INDICATOR_DEFAULT -> new BulkValue.Default();
      case INDICATOR_IGNORE -> new BulkValue.Ignore();
      default -> throw ProtocolException.malformed("an indicator of " + indicator);
    };
  }

  private void types(PayloadReader in) {
    int[] named = new int[count];
    for (int i = 0; i < count; i++) {
      named[i] = in.u16();
    }
    types = named;
  }

  private List<Parameter> read(PayloadReader in) {
    Bytes nulls = in.bytes((count + 7) / 8);
    boolean typesFollow = in.u8() == 1;
    if (typesFollow) {
      types(in);
    } else if (types.length != count) {
      throw ProtocolException.malformed("parameters without their types");
    }
    List<Parameter> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Buffer sent = longData.get(i);
      if (sent != null) {
        values.add(string(types[i] & 0xff, Bytes.owning(sent.getBytes())));
      } else if ((nulls.at(i / 8) & (1 << (i % 8))) != 0) {
        values.add(new Parameter.Null());
      } else {
        values.add(value(types[i], in));
      }
    }
    return values;
  }

  private static Parameter value(int type, PayloadReader in) {
    boolean unsigned = (type >>> 8 & UNSIGNED) != 0;
    int kind = type & 0xff;
    return switch (kind) {
      case FieldType.NULL -> new Parameter.Null();
      case FieldType.TINY -> whole(in.u8(), 8, unsigned);
      case FieldType.SHORT, FieldType.YEAR -> whole(in.u16(), 16, unsigned);
      case FieldType.LONG, FieldType.INT24 -> whole(in.u32(), 32, unsigned);
      case FieldType.LONGLONG -> new Parameter.Whole(in.i64(), unsigned);
      case FieldType.FLOAT -> new Parameter.SinglePrecision(Float.intBitsToFloat((int) in.u32()));
      case FieldType.DOUBLE -> new Parameter.DoublePrecision(Double.longBitsToDouble(in.i64()));
      case FieldType.DATE, FieldType.NEWDATE -> date(in);
      case FieldType.DATETIME, FieldType.DATETIME2, FieldType.TIMESTAMP, FieldType.TIMESTAMP2 ->
          dateTime(in);
      case FieldType.TIME, FieldType.TIME2 -> time(in);
      default -> string(kind, in.lenencBytes());
    };
  }

  private static Parameter string(int kind, Bytes content) {
    return switch (kind) {
      case FieldType.DECIMAL, FieldType.NEWDECIMAL -> new Parameter.Decimal(content);
      case FieldType.TINY_BLOB,
          FieldType.MEDIUM_BLOB,
          FieldType.LONG_BLOB,
          FieldType.BLOB,
          FieldType.BIT,
          FieldType.GEOMETRY ->
          new Parameter.Blob(content);
      case FieldType.VARCHAR,
          FieldType.VAR_STRING,
          FieldType.STRING,
          FieldType.ENUM,
          FieldType.SET,
          FieldType.JSON ->
          new Parameter.Text(content);
      default -> throw ProtocolException.malformed("a parameter of type " + kind);
    };
  }

  private static Parameter whole(long raw, int bits, boolean unsigned) {
    int unused = 64 - bits;
    return new Parameter.Whole(unsigned ? raw : raw << unused >> unused, unsigned);
  }

  private static PayloadReader temporal(PayloadReader in, int... lengths) {
    PayloadReader part = in.lenencPart();
    for (int length : lengths) {
      if (part.remaining() == length) {
        return part;
      }
    }
    throw ProtocolException.malformed("a date or time of " + part.remaining() + " bytes");
  }

  private static Parameter date(PayloadReader in) {
    PayloadReader part = temporal(in, 0, 4, 7, 11);
    return part.hasMore()
        ? new Parameter.Date(part.u16(), part.u8(), part.u8())
        : new Parameter.Date(0, 0, 0);
  }

  private static Parameter dateTime(PayloadReader in) {
    PayloadReader part = temporal(in, 0, 4, 7, 11);
    if (!part.hasMore()) {
      return new Parameter.DateTime(0, 0, 0, 0, 0, 0, 0);
    }
    int year = part.u16();
    int month = part.u8();
    int day = part.u8();
    boolean timed = part.hasMore();
    int hour = timed ? part.u8() : 0;
    int minute = timed ? part.u8() : 0;
    int second = timed ? part.u8() : 0;
    return new Parameter.DateTime(year, month, day, hour, minute, second, micros(part));
  }

  private static Parameter time(PayloadReader in) {
    PayloadReader part = temporal(in, 0, 8, 12);
    if (!part.hasMore()) {
      return new Parameter.Time(false, 0, 0, 0, 0);
    }
    boolean negative = part.u8() != 0;
    // Days below zero count down, as in the server, whose hours have 32 bits.
    long hours = (part.u32() * 24 + part.u8()) & 0xffff_ffffL;
    return new Parameter.Time(negative, hours, part.u8(), part.u8(), micros(part));
  }

  private static int micros(PayloadReader part) {
    long micros = part.hasMore() ? part.u32() : 0;
    if (micros > 999_999) {
      throw ProtocolException.malformed("more than a second of microseconds");
    }
    return (int) micros;
  }
}
