package io.lockstep.sql;

import java.util.Set;

/** Families of column types, by their names in the information schema. */
final class ColumnTypes {
  private static final Set<String> EXACT =
      Set.of(
          "tinyint",
          "smallint",
          "mediumint",
          "int",
          "bigint",
          "decimal",
          "year",
          "date",
          "time",
          "datetime",
          "timestamp",
          "bit");

  private ColumnTypes() {}

  /** Whether values that compare as equal are the same, and sums do not depend on their order. */
  static boolean isExact(String type) {
    return EXACT.contains(type);
  }
}
