package io.lockstep.chaos.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * One table of a random schema. Its first column is {@code id}, a key that some tables number
 * themselves; the others are of many types and may be NULL.
 *
 * @param key what stands behind the name of {@code id}, empty for a table without a primary key
 */
record FuzzTable(String name, String key, List<Column> columns, List<String> more) {
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
    BITS("BIT(9)");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    boolean isNumber() {
      return this == NUMBER || this == SMALL || this == EXACT || this == REAL;
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
      boolean keyed = column.kind() != Kind.LONG_TEXT;
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
    return new FuzzTable(name, key, columns, more);
  }

  boolean numbersItself() {
    return key.contains("AUTO_INCREMENT");
  }

  String definition() {
    List<String> parts = new ArrayList<>();
    parts.add("id" + key);
    columns.forEach(column -> parts.add(column.name() + " " + column.kind().type));
    parts.addAll(more);
    return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")";
  }
}
