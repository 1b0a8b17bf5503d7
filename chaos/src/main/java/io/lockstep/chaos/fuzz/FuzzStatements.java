package io.lockstep.chaos.fuzz;

import io.lockstep.chaos.fuzz.FuzzTable.Column;
import java.util.ArrayList;
import java.util.List;

/** Random statements on a random schema, one client's. */
public final class FuzzStatements {
  private static final int IN_TRANSACTION_MAX = 4;

  private final Dice dice;
  private final List<FuzzTable> tables;
  private final FuzzExpressions expressions;
  private final FuzzDefinitions definitions;

  public FuzzStatements(Dice dice, FuzzSchema schema) {
    this.dice = dice;
    this.tables = schema.tables();
    this.expressions = new FuzzExpressions(dice);
    this.definitions = new FuzzDefinitions(dice, tables, expressions);
  }

  /** What belongs together: a statement, or a whole transaction. */
  public List<String> next() {
    if (!dice.oneIn(5)) {
      return List.of(statement());
    }
    List<String> all = new ArrayList<>();
    all.add(
        dice.one(
            "BEGIN",
            "START TRANSACTION",
            "SET autocommit = 0",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT"));
    for (int i = 1 + dice.below(IN_TRANSACTION_MAX); i > 0; i--) {
      all.add(dice.oneIn(6) ? savepoint() : change());
    }
    all.add(dice.one("COMMIT", "COMMIT", "COMMIT", "ROLLBACK"));
    if (all.get(0).equals("SET autocommit = 0")) {
      all.add("SET autocommit = 1");
    }
    return all;
  }

  private String savepoint() {
    return dice.one("SAVEPOINT a", "ROLLBACK TO a", "RELEASE SAVEPOINT a", locking());
  }

  private String locking() {
    return "SELECT * FROM " + dice.one(tables).name() + " WHERE n < 5 FOR UPDATE";
  }

  private String statement() {
    return switch (dice.below(14)) {
      case 0 -> definitions.next();
      case 1 -> "SET @v = " + dice.one("3", "NULL", "'7'", "NEXTVAL(s0)", "@v + 1", "x'D1FF'");
      case 2 -> "SELECT " + dice.one("NEXTVAL(s0)", "f(3)", "LAST_INSERT_ID()", "COUNT(*) FROM v");
      case 3 -> "CALL p(" + dice.below(12) + ")";
      case 4 -> session();
      default -> change();
    };
  }

  private String session() {
    return dice.one(
        "SET sql_mode = ''",
        "SET sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
        "SET sql_mode = DEFAULT",
        "SET time_zone = '+05:30'",
        "SET time_zone = DEFAULT",
        "SET foreign_key_checks = 0",
        "SET foreign_key_checks = 1",
        "SET timestamp = 1700000000.25",
        "SET timestamp = DEFAULT",
        "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET unique_checks = " + dice.below(2),
        "SET character_set_connection = latin1",
        "SET collation_connection = utf8mb4_unicode_ci",
        "SET div_precision_increment = " + dice.below(9),
        "SET group_concat_max_len = " + (4 + dice.below(90)),
        "DO GET_LOCK('\uD83D\uDE00', 0)",
        "DO RELEASE_ALL_LOCKS()",
        "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
        "SET NAMES utf8mb4",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  }

  /** Something that changes rows. */
  private String change() {
    FuzzTable table = dice.one(tables);
    return switch (dice.below(16)) {
      case 0, 1, 2, 3 -> insert(table);
      case 4 -> insertSelect(table);
      case 5, 6, 7 -> update(table);
      case 8 -> delete(table);
      case 9 -> updateJoin(table, dice.one(tables));
      case 11 -> dynamic(table);
      case 12 -> returning(table);
      case 13, 14 -> severalTables(table, dice.one(tables));
      case 10 -> "UPDATE v SET n = n + 1 WHERE id < " + dice.below(20);
      default -> "REPLACE" + rows(table);
    };
  }

  private String insert(FuzzTable table) {
    String after =
        dice.one(
            "",
            "",
            "",
            " ON DUPLICATE KEY UPDATE n = n + 1",
            " ON DUPLICATE KEY UPDATE n = VALUES(n), id = id");
    return "INSERT" + dice.one("", "", " IGNORE") + rows(table) + after;
  }

  private String rows(FuzzTable table) {
    List<Column> columns = table.columns().stream().filter(column -> !dice.oneIn(3)).toList();
    boolean withId = !table.numbersItself() || dice.oneIn(4);
    List<String> names = new ArrayList<>(columns.stream().map(Column::name).toList());
    if (withId) {
      names.add(0, "id");
    }
    List<String> rows =
        dice.several(
            1,
            3,
            () -> {
              List<String> values =
                  new ArrayList<>(columns.stream().map(expressions::value).toList());
              if (withId) {
                values.add(0, dice.oneIn(6) ? "NULL" : Integer.toString(dice.below(40)));
              }
              return "(" + String.join(", ", values) + ")";
            });
    return " INTO "
        + table.name()
        + " ("
        + String.join(", ", names)
        + ") VALUES "
        + String.join(", ", rows);
  }

  private String insertSelect(FuzzTable into) {
    FuzzTable from = dice.one(tables);
    return "INSERT"
        + dice.one("", " IGNORE")
        + " INTO "
        + into.name()
        + (into.numbersItself() ? " (n) SELECT " : " (id, n) SELECT id + 50, ")
        + dice.one("n", "n + 1", "FLOOR(RAND() * 9)", "COUNT(*)", "h(n)")
        + " FROM "
        + from.name()
        + " WHERE "
        + expressions.condition(from)
        + dice.one("", " LIMIT 3", " ORDER BY id LIMIT 2", " GROUP BY n LIMIT 3");
  }

  private String update(FuzzTable table) {
    Column column = dice.one(table.columns());
    String value =
        column.kind().isNumber() && dice.oneIn(2)
            ? "LEAST(" + column.name() + " + 1, 200)"
            : expressions.value(column);
    return "UPDATE"
        + dice.one("", "", " IGNORE")
        + " "
        + table.name()
        + " SET "
        + column.name()
        + " = "
        + value
        + " WHERE "
        + expressions.condition(table)
        + expressions.limit();
  }

  private String delete(FuzzTable table) {
    return "DELETE FROM "
        + table.name()
        + " WHERE "
        + expressions.condition(table)
        + expressions.limit();
  }

  private String updateJoin(FuzzTable one, FuzzTable other) {
    return "UPDATE "
        + one.name()
        + " AS a JOIN "
        + other.name()
        + " AS b ON a.n = b.n SET a.n = "
        + dice.one("b.id", "5", "b.n + a.n", "RAND() * 9")
        + " WHERE a.id < "
        + dice.below(20);
  }

  /** The same row and column as text that is put together while it runs. */
  private String dynamic(FuzzTable table) {
    String name = table.name();
    return dice.one(
        "EXECUTE IMMEDIATE CONCAT('UPDATE "
            + name
            + " SET n = ', "
            + dice.below(9)
            + ", ' WHERE id < ', @v)",
        "EXECUTE IMMEDIATE 'INSERT INTO log (what, n) VALUES (?, ?)' USING "
            + dice.one("'\uD83D\uDE00', @v", "x'D1FF', 4", "'a', 1"),
        "BEGIN NOT ATOMIC DECLARE k INT DEFAULT "
            + dice.below(9)
            + "; INSERT INTO log (what, n) VALUES ('"
            + name
            + "', k); UPDATE "
            + name
            + " SET n = k WHERE n > k LIMIT 2; END",
        "CALL q(" + dice.below(9) + ")");
  }

  private String returning(FuzzTable table) {
    return dice.one(
        "DELETE FROM " + table.name() + " WHERE n = " + dice.below(9) + " RETURNING id, n",
        "INSERT INTO log (what, n) VALUES (" + expressions.text() + ", 5) RETURNING id",
        "REPLACE INTO log (id, n) VALUES (" + dice.below(9) + ", 6) RETURNING id, what");
  }

  private String severalTables(FuzzTable one, FuzzTable other) {
    return dice.one(
        "DELETE a FROM " + one.name() + " AS a JOIN " + other.name() + " AS b ON a.n = b.id",
        "DELETE a, b FROM "
            + one.name()
            + " AS a LEFT JOIN "
            + other.name()
            + " AS b ON a.id = b.n WHERE a.n = "
            + dice.below(12),
        "INSERT INTO log (what, n) SELECT 'both', a.n FROM "
            + one.name()
            + " AS a JOIN "
            + other.name()
            + " AS b USING (n)",
        "INSERT INTO log (n) SELECT n FROM tmp",
        "INSERT INTO tmp SELECT n FROM " + one.name(),
        "UPDATE log SET n = (SELECT MAX(n) FROM " + other.name() + ") WHERE id < 5",
        "INSERT INTO log (id, n) SELECT id, n FROM "
            + one.name()
            + " ON DUPLICATE KEY UPDATE what = "
            + expressions.text(),
        "REPLACE INTO log (id, n) SELECT id, n FROM " + one.name() + " LIMIT 3");
  }
}
