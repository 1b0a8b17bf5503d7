package io.lockstep.sql;

import io.lockstep.model.TableName;
import io.lockstep.sql.TableDefinition.Column;
import io.lockstep.sql.TableDefinition.Kind;
import io.lockstep.sql.TableDefinition.Trigger;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Reads one definition from the information schema. */
final class TableLookup {
  private static final String TABLE =
      "SELECT TABLE_NAME AS n, TABLE_TYPE AS k, ENGINE AS e FROM information_schema.TABLES"
          + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

  /** A statement of its own: in a join, the server would open every table that it has. */
  private static final String VIEW =
      "SELECT TABLE_NAME AS n, VIEW_DEFINITION AS d FROM information_schema.VIEWS"
          + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

  private static final String COLUMNS =
      "SELECT TABLE_NAME AS n, COLUMN_NAME AS c, DATA_TYPE AS t, IS_NULLABLE AS o,"
          + " COLUMN_DEFAULT AS d, EXTRA AS x, GENERATION_EXPRESSION AS g"
          + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
          + " ORDER BY ORDINAL_POSITION";
  private static final String KEYS =
      "SELECT TABLE_NAME AS n, INDEX_NAME AS i, COLUMN_NAME AS c, NON_UNIQUE AS u FROM"
          + " information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
          + " ORDER BY INDEX_NAME, SEQ_IN_INDEX";
  private static final String TRIGGERS =
      "SELECT EVENT_OBJECT_TABLE AS n, TRIGGER_NAME AS g, EVENT_MANIPULATION AS v,"
          + " ACTION_TIMING AS t, ACTION_STATEMENT AS b, DEFINER AS d, SQL_MODE AS m FROM"
          + " information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ?"
          + " AND EVENT_OBJECT_TABLE = ? ORDER BY EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER";
  private static final String REFERENCES =
      "SELECT TABLE_NAME AS n FROM information_schema.REFERENTIAL_CONSTRAINTS"
          + " WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?"
          + " AND REFERENCED_TABLE_NAME = TABLE_NAME"
          + " AND UNIQUE_CONSTRAINT_SCHEMA = CONSTRAINT_SCHEMA";

  /** InnoDB's own list: the information schema would open every table for this. */
  private static final String RELATIVES =
      "SELECT CONVERT(CONVERT(SUBSTRING_INDEX(r.o, '/', 1) USING binary) USING filename) AS s,"
          + " CONVERT(CONVERT(SUBSTRING_INDEX(r.o, '/', -1) USING binary) USING filename) AS t,"
          + " r.w AS w FROM ("
          + "SELECT FOR_NAME AS n, REF_NAME AS o, 0 AS w FROM information_schema.INNODB_SYS_FOREIGN"
          + " UNION ALL SELECT REF_NAME, FOR_NAME, TYPE & 15"
          + " FROM information_schema.INNODB_SYS_FOREIGN) AS r WHERE CAST(r.n AS BINARY) = CONCAT("
          + "CONVERT(CONVERT(? USING filename) USING binary), '/',"
          + " CONVERT(CONVERT(? USING filename) USING binary))";

  private final Pool pool;

  TableLookup(Pool pool) {
    this.pool = pool;
  }

  /** The parts of a definition, in the order in which they are asked for. */
  private record Parts(
      List<Column> columns,
      Map<String, List<String>> keys,
      int indexes,
      List<Trigger> triggers,
      boolean selfReferencing,
      List<TableDefinition.Relative> relatives,
      Optional<String> view) {}

  Future<Optional<TableDefinition>> find(TableName name) {
    return rows(TABLE, name, Function.identity())
        .compose(
            heads ->
                heads.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : parts(name, kind(text(heads.get(0), "k")))
                        .map(parts -> Optional.of(definition(name, heads.get(0), parts))));
  }

  private Future<Parts> parts(TableName name, Kind kind) {
    Future<List<Column>> columns = rows(COLUMNS, name, TableLookup::column);
    Future<List<Row>> keys = rows(KEYS, name, Function.identity());
    Future<List<Trigger>> triggers = rows(TRIGGERS, name, TableLookup::trigger);
    Future<List<Row>> references = rows(REFERENCES, name, Function.identity());
    Future<List<TableDefinition.Relative>> relatives = relatives(name);
    Future<List<String>> view =
        kind == Kind.VIEW
            ? rows(VIEW, name, row -> text(row, "d"))
            : Future.succeededFuture(List.of());
    return Future.all(List.of(columns, keys, triggers, references, relatives, view))
        .map(
            all ->
                new Parts(
                    columns.result(),
                    unique(keys.result()),
                    (int) keys.result().stream().map(row -> text(row, "i")).distinct().count(),
                    triggers.result(),
                    !references.result().isEmpty(),
                    relatives.result(),
                    view.result().stream().findFirst()));
  }

  private Future<List<TableDefinition.Relative>> relatives(TableName name) {
    return pool.preparedQuery(RELATIVES)
        .execute(Tuple.of(name.schema(), name.table()))
        .map(
            rows -> {
              List<TableDefinition.Relative> found = new ArrayList<>();
              for (Row row : rows) {
                TableName other = new TableName(text(row, "s"), text(row, "t"));
                found.add(new TableDefinition.Relative(other, row.getLong("w") != 0));
              }
              return found;
            });
  }

  /** Rows of exactly this table: the information schema may compare names without case. */
  private <T> Future<List<T>> rows(String sql, TableName name, Function<Row, T> reading) {
    return pool.preparedQuery(sql)
        .execute(Tuple.of(name.schema(), name.table()))
        .map(
            rows -> {
              List<T> found = new ArrayList<>();
              for (Row row : rows) {
                if (name.table().equals(row.getString("n"))) {
                  found.add(reading.apply(row));
                }
              }
              return found;
            });
  }

  private static Map<String, List<String>> unique(List<Row> rows) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.getLong("u") == 0) {
        keys.computeIfAbsent(text(row, "i"), key -> new ArrayList<>()).add(text(row, "c"));
      }
    }
    return keys;
  }

  private static TableDefinition definition(TableName name, Row head, Parts parts) {
    List<String> primary = parts.keys().getOrDefault("PRIMARY", List.of());
    List<List<String>> unique =
        parts.keys().entrySet().stream()
            .filter(key -> !key.getKey().equals("PRIMARY"))
            .map(Map.Entry::getValue)
            .toList();
    return new TableDefinition(
        name,
        kind(text(head, "k")),
        text(head, "e"),
        parts.columns(),
        primary,
        unique,
        parts.indexes(),
        parts.triggers(),
        parts.selfReferencing(),
        parts.relatives(),
        parts.view());
  }

  private static Kind kind(String tableType) {
    return switch (tableType) {
      case "VIEW", "SYSTEM VIEW" -> Kind.VIEW;
      case "SEQUENCE" -> Kind.SEQUENCE;
      case "SYSTEM VERSIONED" -> Kind.VERSIONED;
      default -> Kind.TABLE;
    };
  }

  private static Column column(Row row) {
    String extra = text(row, "x").toLowerCase(Locale.ROOT);
    return new Column(
        text(row, "c"),
        text(row, "t").toLowerCase(Locale.ROOT),
        text(row, "o").equals("YES"),
        Optional.ofNullable(row.getString("d")),
        extra.contains("on update"),
        Optional.ofNullable(row.getString("g")),
        extra.contains("auto_increment"),
        extra.contains("invisible"));
  }

  private static Trigger trigger(Row row) {
    return new Trigger(
        text(row, "g"),
        text(row, "v"),
        text(row, "t"),
        text(row, "b"),
        text(row, "d"),
        text(row, "m"));
  }

  private static String text(Row row, String column) {
    return Objects.requireNonNullElse(row.getString(column), "");
  }
}
