package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.binlog.Cell;
import io.lockstep.mysql.binlog.UnreadableRowException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A condition that holds for one value of a column and no other, in a form that no collation,
 * {@code sql_mode} or time zone can bend: numbers as numbers, text as its bytes, times as the text
 * or number that they stand for.
 *
 * @param name of the column
 * @param type as {@code information_schema.COLUMNS.DATA_TYPE} has it
 * @param fullType as {@code COLUMN_TYPE} has it
 * @param charset empty where there is none
 * @param lengthBytes of a BINARY column, whose trailing zeros are not written
 */
record RowPredicate(
    String name, String type, String fullType, Optional<String> charset, int lengthBytes) {

  /** What the column must be for a row to be the one that is looked for. */
  String equals(Optional<Cell> cell) {
    return cell.map(this::equals).orElseGet(() -> column() + " IS NULL");
  }

  /** By which an index finds the row; not exact. Empty where no index can be used safely. */
  Optional<String> lookup(Cell cell) {
    return switch (type) {
      case "char", "varchar" ->
          charset.map(set -> column() + "=_" + set + " " + hex(cell.bytes().view()));
      default -> Optional.empty();
    };
  }

  private String column() {
    return Sql.name(name);
  }

  private String equals(Cell cell) {
    return switch (type) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" ->
          column() + "=" + cell.integer(fullType.contains("unsigned"));
      case "decimal" -> column() + "=" + cell.decimal().toPlainString();
      case "float", "double" -> column() + "=" + real(cell.real());
      case "bit" -> number(cell.bits());
      case "enum" -> number(cell.integer(true));
      case "set" -> number(cell.integer(true));
      case "year" -> number(BigInteger.valueOf(cell.year()));
      case "date" -> shown(cell.date());
      case "datetime" -> shown(cell.datetime());
      case "time" -> shown(cell.time());
      case "timestamp" -> "UNIX_TIMESTAMP(" + column() + ")=" + cell.epoch();
      case "char",
          "varchar",
          "tinytext",
          "text",
          "mediumtext",
          "longtext",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob" ->
          "BINARY " + column() + "=" + hex(cell.bytes().view());
      case "varbinary" -> column() + "=" + hex(cell.bytes().view());
      case "binary" -> column() + "=" + hex(padded(cell.bytes(), lengthBytes));
      case "uuid", "inet6" -> fixed(cell, 16);
      case "inet4" -> fixed(cell, 4);
      case "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection" ->
          "HEX(" + column() + ")='" + upperHex(cell.bytes().view()) + "'";
      default -> throw new UnreadableRowException("a column of the type " + type);
    };
  }

  private String number(BigInteger value) {
    return column() + "+0=" + value;
  }

  private String shown(String text) {
    return "CAST(" + column() + " AS CHAR)='" + text + "'";
  }

  private String fixed(Cell cell, int length) {
    return "CAST(" + column() + " AS BINARY(" + length + "))=" + hex(padded(cell.bytes(), length));
  }

  /** With an exponent, so that the server reads it as a double and not as a decimal. */
  private static String real(double value) {
    String shown = Double.toString(value);
    return shown.contains("E") ? shown : shown + "E0";
  }

  private static byte[] padded(Bytes bytes, int length) {
    return Arrays.copyOf(bytes.view(), Math.max(length, bytes.length()));
  }

  private static String hex(byte[] bytes) {
    return bytes.length == 0 ? "''" : "0x" + HexFormat.of().formatHex(bytes);
  }

  private static String upperHex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT);
  }
}
