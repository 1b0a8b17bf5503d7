package io.lockstep.chaos.fuzz;

import io.lockstep.chaos.fuzz.FuzzTable.Column;
import io.lockstep.chaos.fuzz.FuzzTable.Kind;

/** Random values and conditions. */
final class FuzzExpressions {
  private final Dice dice;

  FuzzExpressions(Dice dice) {
    this.dice = dice;
  }

  /** A value for a column, mostly one that it can hold. */
  String value(Column column) {
    if (dice.oneIn(12)) {
      return dice.one("NULL", "DEFAULT");
    }
    Kind kind = column.kind();
    return switch (kind) {
      case NUMBER, SMALL, EXACT, REAL, FLOAT, BIG, DRAWN, CHANCE -> number();
      case TEXT, LONG_TEXT, UNIQUE_ID, LATIN, BYTES, BLOB -> text();
      case DAY, CLOCK -> moment();
      case YEAR -> dice.one("2026", "1999", "NOW()", "70");
      case SET -> dice.one("'p'", "'p,é'", "3", "''");
      case JSON -> dice.one("'{\"k\": 1}'", "JSON_ARRAY(1, '\uD83D\uDE00')", "'no JSON'");
      case ADDRESS -> dice.one("'::1'", "'10.0.0.1'", "'nowhere'");
      case POINT -> dice.one("POINT(1, 2)", "ST_GeomFromText('POINT(3 4)')");
      case MOMENT, STAMP -> moment();
      case CHOICE -> dice.one("'a'", "'b'", "2", "'c'");
      case BITS -> dice.one("b'101'", "7", "b'1'");
    };
  }

  String number() {
    return dice.one(
        Integer.toString(dice.below(12)),
        Integer.toString(dice.below(1_000)),
        "-" + dice.below(5),
        dice.below(50) + ".5",
        "RAND()",
        "FLOOR(RAND() * 10)",
        "NEXTVAL(s0)",
        "@v",
        "CONNECTION_ID() % 7",
        "LAST_INSERT_ID()",
        "h(" + dice.below(9) + ")",
        "f(" + dice.below(9) + ")",
        "UUID_SHORT() % 100",
        "(SELECT COUNT(*) FROM log)",
        "(SELECT MAX(n) FROM log)",
        "ROUND(UNIX_TIMESTAMP(NOW(6)))",
        "LENGTH(USER())");
  }

  String text() {
    return dice.one(
        "'x" + dice.below(20) + "'",
        "'grün ✓'",
        "'\uD83D\uDE00'",
        "'it''s \\\\ \"so\"'",
        "' blank '",
        "_binary'\\0\\'x'",
        "x'D1FF00'",
        "_latin1 x'E9'",
        "CONCAT('é', CHAR(255))",
        "CONVERT('ß' USING latin1)",
        "REPEAT('€', " + dice.below(20) + ")",
        "JSON_OBJECT('k', " + dice.below(9) + ")",
        "UUID()",
        "CONCAT('u', UUID())",
        "CURRENT_USER()",
        "DATABASE()",
        "MD5(RAND())",
        "REPEAT('a', " + dice.below(30) + ")",
        "(SELECT GROUP_CONCAT(n) FROM (SELECT n FROM log LIMIT 3) AS q)",
        "@v");
  }

  String moment() {
    return dice.one("NOW()", "NOW(6)", "SYSDATE(6)", "CURDATE()", "'2020-02-03 04:05:06.7'");
  }

  String condition(FuzzTable table) {
    Column column = dice.one(table.columns());
    return switch (dice.below(10)) {
      case 0 -> "id = " + dice.below(30);
      case 1 -> "id IN (" + dice.below(9) + ", " + dice.below(30) + ")";
      case 2 -> "n < " + dice.below(12);
      case 3 -> "n BETWEEN " + dice.below(5) + " AND " + dice.below(20);
      case 4 -> "RAND() < 0.3";
      case 5 -> column.name() + " IS NULL";
      case 6 -> column.name() + " = " + value(column).replace("DEFAULT", "1");
      case 7 -> "n IN (SELECT n FROM log)";
      case 8 -> "n % 3 = @v % 3";
      default -> "1 = 1";
    };
  }

  /** What may follow the condition of a change. */
  String limit() {
    return dice.one(
        "",
        "",
        "",
        " LIMIT " + (1 + dice.below(3)),
        " ORDER BY id LIMIT " + (1 + dice.below(3)),
        " ORDER BY n DESC LIMIT 2");
  }
}
