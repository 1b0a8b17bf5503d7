package io.lockstep.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.gateway.RowSink.Column;
import io.lockstep.model.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;

/**
 * How a column's values are written in JSON. Type codes and flags are those of the client protocol
 * (MariaDB Knowledge Base, Result Set Packets).
 */
final class ColumnType {
  private enum Form {
    NUMBER,
    BIG_NUMBER,
    TEXT,
    BINARY,
    BITS
  }

  private static final int CHARSET_BINARY = 63;
  private static final int FLAG_UNSIGNED = 32;
  private static final int FLAG_ENUM = 256;
  private static final int FLAG_SET = 2_048;
  private static final int FLAG_NOT_NULL = 1;
  private static final int BITS_SAFE_IN_JSON = 53;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0, "DECIMAL"),
          Map.entry(1, "TINYINT"),
          Map.entry(2, "SMALLINT"),
          Map.entry(3, "INT"),
          Map.entry(4, "FLOAT"),
          Map.entry(5, "DOUBLE"),
          Map.entry(6, "NULL"),
          Map.entry(7, "TIMESTAMP"),
          Map.entry(8, "BIGINT"),
          Map.entry(9, "MEDIUMINT"),
          Map.entry(10, "DATE"),
          Map.entry(11, "TIME"),
          Map.entry(12, "DATETIME"),
          Map.entry(13, "YEAR"),
          Map.entry(16, "BIT"),
          Map.entry(245, "JSON"),
          Map.entry(246, "DECIMAL"),
          Map.entry(247, "ENUM"),
          Map.entry(248, "SET"),
          Map.entry(255, "GEOMETRY"));

  private final Column column;
  private final Form form;
  private final boolean bigNumbersAsText;

  ColumnType(Column column, boolean bigNumbersAsText) {
    this.column = column;
    this.form = form(column);
    this.bigNumbersAsText = bigNumbersAsText;
  }

  /** Writes the column's description. */
  void describe(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", column.name());
    out.writeStringField("type", name());
    if (form == Form.NUMBER || form == Form.BIG_NUMBER) {
      out.writeBooleanField("unsigned", flag(FLAG_UNSIGNED));
    }
    out.writeBooleanField("nullable", !flag(FLAG_NOT_NULL));
    out.writeEndObject();
  }

  /** Writes one value that is not NULL. */
  void write(Bytes value, JsonGenerator out) throws IOException {
    switch (form) {
      case NUMBER -> out.writeNumber(digits(value));
      case BIG_NUMBER -> big(digits(value), out);
      case TEXT -> out.writeString(value.utf8());
      case BINARY -> binary(value, out);
      case BITS -> bits(value, out);
    }
  }

  private String name() {
    if (flag(FLAG_ENUM)) {
      return "ENUM";
    }
    if (flag(FLAG_SET)) {
      return "SET";
    }
    boolean binary = column.charset() == CHARSET_BINARY;
    return switch (column.type()) {
      case 15, 253 -> binary ? "VARBINARY" : "VARCHAR";
      case 254 -> binary ? "BINARY" : "CHAR";
      case 249, 250, 251, 252 -> binary ? "BLOB" : "TEXT";
      default -> NAMES.getOrDefault(column.type(), "UNKNOWN");
    };
  }

  private static Form form(Column column) {
    return switch (column.type()) {
      case 1, 2, 3, 4, 5, 9, 13 -> Form.NUMBER;
      case 0, 8, 246 -> Form.BIG_NUMBER;
      case 7, 10, 11, 12 -> Form.TEXT;
      case 16 -> Form.BITS;
      default -> column.charset() == CHARSET_BINARY ? Form.BINARY : Form.TEXT;
    };
  }

  private void big(String digits, JsonGenerator out) throws IOException {
    if (bigNumbersAsText) {
      out.writeString(digits);
    } else {
      out.writeNumber(digits);
    }
  }

  private void bits(Bytes value, JsonGenerator out) throws IOException {
    String digits = new BigInteger(1, value.view()).toString();
    if (column.length() > BITS_SAFE_IN_JSON) {
      big(digits, out);
    } else {
      out.writeNumber(digits);
    }
  }

  private static void binary(Bytes value, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("base64");
    out.writeBinary(value.view());
    out.writeEndObject();
  }

  /** JSON allows no leading zeros, which ZEROFILL adds. */
  private static String digits(Bytes value) {
    String text = value.latin1();
    int from = 0;
    while (from + 1 < text.length()
        && text.charAt(from) == '0'
        && Character.isDigit(text.charAt(from + 1))) {
      from++;
    }
    return text.substring(from);
  }

  private boolean flag(int bit) {
    return (column.flags() & bit) != 0;
  }
}
