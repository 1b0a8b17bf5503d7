package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.binlog.Cell;
import io.lockstep.mysql.binlog.RowImage;
import io.lockstep.mysql.binlog.UnreadableRowException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** Index, whether it is unique, and column, of all indexes. */
  static String indexes(TableName table) {
    return OpenTransaction.neutral(
        "SELECT INDEX_NAME, NON_UNIQUE=0, COLUMN_NAME FROM information_schema.STATISTICS"
            + " WHERE TABLE_SCHEMA="
            + Sql.text(table.schema())
            + " AND TABLE_NAME="
            + Sql.text(table.table()));
  }

  /**
   * Those of the rows that the server finds by a unique key which can be NULL, and does not compare
   * then. Nothing where it may take another row for the one that is looked for, as it does beside
   * another index (MariaDB: Rows_log_event::find_row), or where an event does not say which rows
   * have that key: gateways refuse such changes, but the table may have become so since.
   *
   * @param indexes the answer to {@link #indexes}
   */
  Optional<List<RowImage>> foundByKey(Collection<RowImage> rows, List<Link.Row> indexes) {
    Set<String> unique = new HashSet<>();
    indexes.stream()
        .filter(index -> index.number(1) == 1)
        .forEach(index -> unique.add(index.text(2)));
    if (unique.isEmpty()) {
      return Optional.of(List.of());
    }
    boolean others = indexes.stream().map(index -> index.text(0)).distinct().count() > 1;
    boolean generated =
        columns.stream()
            .anyMatch(column -> !column.stored() && unique.contains(column.predicate().name()));
    return others || generated
        ? Optional.empty()
        : Optional.of(rows.stream().filter(row -> has(row, unique)).toList());
  }

  private boolean has(RowImage row, Set<String> names) {
    for (int i = 0; i < Math.min(columns.size(), row.cells().size()); i++) {
      if (names.contains(columns.get(i).predicate().name()) && row.cells().get(i).isEmpty()) {
        return false;
      }
    }
    return true;
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
