package io.lockstep.chaos.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * One table of a random schema. Its first column is {@code id}, a key that some tables number
 * themselves; the others are of many types and may be NULL.
 *
 * @param key what stands behind the name of {@code id}
 * @param more what stands behind the columns
 */
record FuzzTable(String name, String key, List<Column> columns, List<String> more, String options) {
  private static final int COLUMNS_MAX = 6;

  /** A column and what is written into it. */
  record Column(String name, Kind kind) {}

  /** Types, and defaults that draw what no node knows of another. */
  enum Kind {
    NUMBER("INT"),
    SMALL("TINYINT UNSIGNED"),
    EXACT("DECIMAL(10,2)"),
    REAL("DOUBLE"),
    TEXT("VARCHAR(40)"),
    LONG_TEXT("TEXT"),
    MOMENT("DATETIME(6)"),
    STAMP("TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"),
    UNIQUE_ID("VARCHAR(36) DEFAULT (UUID())"),
    CHANCE("DOUBLE DEFAULT (RAND())"),
    DRAWN("BIGINT DEFAULT NEXTVAL(s0)"),
    CHOICE("ENUM('a','b','c')"),
    BITS("BIT(9)"),
    FLOAT("FLOAT"),
    BIG("BIGINT UNSIGNED"),
    LATIN("VARCHAR(30) CHARACTER SET latin1"),
    BYTES("VARBINARY(40)"),
    BLOB("BLOB"),
    DAY("DATE"),
    CLOCK("TIME(3)"),
    YEAR("YEAR"),
    SET("SET('p','q','é')"),
    JSON("JSON"),
    ADDRESS("INET6"),
    POINT("POINT");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    boolean isNumber() {
      return this == NUMBER || this == SMALL || this == EXACT || this == REAL;
    }

    boolean hasKeys() {
      return this != LONG_TEXT && this != BLOB && this != JSON && this != POINT;
    }
  }

  static FuzzTable random(Dice dice, String name) {
    List<Column> columns = new ArrayList<>();
    for (int i = 1 + dice.below(COLUMNS_MAX); i > 0; i--) {
      columns.add(new Column("c" + columns.size(), dice.one(Kind.values())));
    }
    // One that every table has, for what needs the same column everywhere.
    columns.add(new Column("n", Kind.NUMBER));
    String key =
        dice.one(
            " INT AUTO_INCREMENT PRIMARY KEY",
            " BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY",
            " INT PRIMARY KEY",
            " INT AUTO_INCREMENT UNIQUE",
            " INT NULL");
    List<String> more = new ArrayList<>();
    for (Column column : columns) {
      boolean keyed = column.kind().hasKeys();
      if (keyed && dice.oneIn(4)) {
        more.add(dice.one("UNIQUE ", "INDEX ", "INDEX ") + "(" + column.name() + ")");
      }
    }
    if (dice.oneIn(3)) {
      more.add("g INT AS (n * 2 + 1) " + dice.one("VIRTUAL", "STORED"));
    }
    if (dice.oneIn(4)) {
      more.add("CHECK (n IS NULL OR n < 900)");
    }
    boolean unique = more.stream().anyMatch(one -> one.startsWith("UNIQUE"));
    return new FuzzTable(name, key, columns, more, options(dice, unique));
  }

  private static String options(Dice dice, boolean unique) {
    return dice.one(
            "",
            "",
            " COMMENT 'grün \uD83D\uDE00'",
            " DEFAULT CHARACTER SET latin1",
            " ROW_FORMAT=REDUNDANT")
        + (unique || !dice.oneIn(6) ? "" : " PARTITION BY HASH (id) PARTITIONS 3");
  }

  boolean numbersItself() {
    return key.contains("AUTO_INCREMENT");
  }

  String definition() {
    List<String> parts = new ArrayList<>();
    parts.add("id" + key);
    columns.forEach(column -> parts.add(column.name() + " " + column.kind().type));
    parts.addAll(more);
    return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")" + options;
  }
}
