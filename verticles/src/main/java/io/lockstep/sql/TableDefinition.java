package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table, view or sequence.
 *
 * @param name exactly as the database stores it
 * @param engine such as {@code InnoDB}; empty for a view
 * @param columns in the order of the table
 * @param primaryKey its columns in order, empty for none
 * @param uniqueKeys further unique keys, each with its columns in order
 * @param indexes how many indexes there are, of all kinds
 * @param selfReferencing whether a foreign key of it points at itself
 * @param relatives other tables that foreign keys connect with it, in either direction
 * @param viewDefinition the query of a view
 */
public record TableDefinition(
    TableName name,
    Kind kind,
    String engine,
    List<Column> columns,
    List<String> primaryKey,
    List<List<String>> uniqueKeys,
    int indexes,
    List<Trigger> triggers,
    boolean selfReferencing,
    List<Relative> relatives,
    Optional<String> viewDefinition) {
  /** What stands behind the name. */
  public enum Kind {
    TABLE,
    VIEW,
    SEQUENCE,
    /**
     * A table WITH SYSTEM VERSIONING, whose rows carry the times of the statements that wrote them
     * (MariaDB: TABLE::vers_update_fields, which asks for the session's timestamp).
     */
    VERSIONED
  }

  /**
   * A column.
   *
   * @param type in lower case, without length, such as {@code bigint}
   * @param defaultExpression as the server prints it; empty for none
   * @param onUpdate whether ON UPDATE CURRENT_TIMESTAMP is given
   * @param generated the expression of a generated column
   * @param invisible whether an INSERT without column list leaves it out
   */
  public record Column(
      String name,
      String type,
      boolean nullable,
      Optional<String> defaultExpression,
      boolean onUpdate,
      Optional<String> generated,
      boolean autoIncrement,
      boolean invisible) {}

  /**
   * A trigger.
   *
   * @param event INSERT, UPDATE or DELETE
   * @param sqlMode under which its body is read
   */
  public record Trigger(
      String name, String event, String timing, String body, String definer, String sqlMode) {}

  /**
   * A table that is locked where this one is changed.
   *
   * @param written whether rows of it may change too, by CASCADE or SET NULL
   */
  public record Relative(TableName table, boolean written) {}

  public TableDefinition {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    triggers = List.copyOf(triggers);
    relatives = List.copyOf(relatives);
  }

  /** The column of this name; names of columns do not heed case. */
  public Optional<Column> column(String column) {
    return columns.stream().filter(each -> each.name().equalsIgnoreCase(column)).findFirst();
  }

  public Optional<Column> autoIncrement() {
    return columns.stream().filter(Column::autoIncrement).findFirst();
  }

  /**
   * Whether the server changes, of a captured row, the very row: it finds it by a key that every
   * row has, or compares whole rows. With a unique key that can be NULL as the first of its keys it
   * may search by any other one, and takes the first row that it finds there for the right one
   * (MariaDB: Rows_log_event::find_row looks at the first key, whichever it has searched by). If
   * there is no other, it goes on from a row with NULL to the one that is the same; but of a
   * generated column an event does not say whether it is NULL.
   */
  public boolean rowsCanBeNamed() {
    return rowsHaveKeys()
        || uniqueKeys.isEmpty()
        || (indexes == 1 && uniqueKeys.get(0).stream().noneMatch(this::isGenerated));
  }

  private boolean isGenerated(String column) {
    return column(column).flatMap(Column::generated).isPresent();
  }

  /** Whether each row has a key that no other one has. */
  public boolean rowsHaveKeys() {
    return !primaryKey.isEmpty()
        || uniqueKeys.stream().anyMatch(key -> key.stream().noneMatch(this::canBeNull));
  }

  private boolean canBeNull(String column) {
    return column(column).map(Column::nullable).orElse(true);
  }

  public boolean isInnoDb() {
    return engine.toLowerCase(Locale.ROOT).equals("innodb");
  }
}
