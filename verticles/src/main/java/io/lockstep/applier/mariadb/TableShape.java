package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.binlog.Cell;
import io.lockstep.mysql.binlog.RowImage;
import io.lockstep.mysql.binlog.UnreadableRowException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A table's columns as far as a row must be found again in it. */
record TableShape(TableName table, List<Column> columns) {
  private static final List<String> TIMES = List.of("row_start", "row_end");

  /**
   * One column.
   *
   * @param stored whether rows keep it; a virtual column's value in an event is not reliable
   * @param key whether it belongs to what names a row
   */
  record Column(RowPredicate predicate, boolean stored, boolean key) {}

  TableShape {
    columns = List.copyOf(columns);
  }

  static String query(TableName table) {
    return OpenTransaction.neutral(
        "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, CHARACTER_OCTET_LENGTH,"
            + " EXTRA LIKE '%VIRTUAL GENERATED%', COLUMN_KEY='PRI' FROM information_schema.COLUMNS"
            + " WHERE TABLE_SCHEMA="
            + Sql.text(table.schema())
            + " AND TABLE_NAME="
            + Sql.text(table.table())
            + " ORDER BY ORDINAL_POSITION");
  }

  /** Finds a row if it is a system-versioned table. */
  static String versioned(TableName table) {
    return OpenTransaction.neutral(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA="
            + Sql.text(table.schema())
            + " AND TABLE_NAME="
            + Sql.text(table.table())
            + " AND TABLE_TYPE='SYSTEM VERSIONED'");
  }

  /** Whether the row may have the times of its history, which are listed only if they are named. */
  boolean lacksTimesOf(RowImage row) {
    return row.cells().size() == columns.size() + TIMES.size();
  }

  TableShape withTimes() {
    List<Column> all = new ArrayList<>(columns);
    TIMES.forEach(
        name ->
            all.add(
                new Column(
                    new RowPredicate(name, "timestamp", "timestamp(6)", Optional.empty(), 0),
                    true,
                    false)));
    return new TableShape(table, all);
  }

  /**
   * Columns of unique keys. Beside one that can be NULL, and no other, the server may take another
   * row for the one that is looked for (MariaDB: Rows_log_event::find_row): gateways refuse such
   * changes, but the table may have become so since.
   */
  static String uniqueKeys(TableName table) {
    return OpenTransaction.neutral(
        "SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA="
            + Sql.text(table.schema())
            + " AND TABLE_NAME="
            + Sql.text(table.table())
            + " AND NON_UNIQUE=0");
  }

  static TableShape of(TableName table, List<Link.Row> rows) {
    return new TableShape(table, rows.stream().map(TableShape::column).toList());
  }

  private static Column column(Link.Row row) {
    boolean binary = row.text(1).equals("binary");
    RowPredicate predicate =
        new RowPredicate(
            row.text(0),
            row.text(1),
            row.text(2),
            row.isNull(3) ? Optional.empty() : Optional.of(row.text(3)),
            binary ? (int) row.number(4) : 0);
    return new Column(predicate, row.number(5) == 0, row.number(6) == 1);
  }

  /**
   * Whether the server finds rows by a key alone, whatever else has become of them. Without such a
   * key it compares whole rows itself (MariaDB: Rows_log_event::find_row).
   */
  boolean findsByKey() {
    return columns.stream().anyMatch(Column::key);
  }

  /**
   * Counts how many of these rows are there, unchanged. Each has a key of its own.
   *
   * @throws UnreadableRowException for a value whose equal cannot be looked for
   */
  Bytes count(Collection<RowImage> rows) {
    List<String> conditions = new ArrayList<>(rows.size());
    rows.forEach(row -> conditions.add("(" + condition(row) + ")"));
    return Bytes.utf8(
        OpenTransaction.neutral(
            "SELECT COUNT(*) FROM "
                + table.quoted()
                + " WHERE "
                + String.join(" OR ", conditions)));
  }

  private String condition(RowImage row) {
    List<Optional<Cell>> cells = row.cells();
    if (cells.size() != columns.size()) {
      throw new UnreadableRowException("a row with columns that are not declared");
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Column column = columns.get(i);
      if (column.stored()) {
        if (column.key()) {
          cells.get(i).flatMap(column.predicate()::lookup).ifPresent(all::add);
        }
        all.add(column.predicate().equals(cells.get(i)));
      }
    }
    return String.join(" AND ", all);
  }
}
