package io.lockstep.sql;

import io.lockstep.sql.DmlShape.TokenRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a condition or an order leaves no choice of rows. */
final class Conditions {
  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "year");
  private static final Set<String> STRINGS =
      Set.of(
          "char",
          "varchar",
          "binary",
          "varbinary",
          "tinytext",
          "text",
          "mediumtext",
          "longtext",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob",
          "uuid",
          "inet4",
          "inet6",
          "date",
          "time",
          "datetime",
          "timestamp",
          "enum");

  /** Longest run of digits in quotes that compares exactly with an integer, as a double does. */
  private static final int EXACT_DIGITS_MAX = 15;

  private final Tokens tokens;
  private final TableDefinition table;

  Conditions(Tokens tokens, TableDefinition table) {
    this.tokens = tokens;
    this.table = table;
  }

  /** Whether the condition holds for one row at most: it names every column of a unique key. */
  boolean pins(TokenRange where) {
    int from = where.from();
    int to = where.to();
    while (tokens.isSymbol(from, '(') && tokens.closing(from) == to - 1) {
      from++;
      to--;
    }
    Set<String> pinned = new HashSet<>();
    int start = from;
    boolean between = false;
    for (int i = from; i < to; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isAny(i, "OR", "XOR", "CASE") || tokens.isSymbol(i, '|')) {
        return false;
      } else if (tokens.is(i, "BETWEEN")) {
        between = true;
      } else if (tokens.is(i, "AND")) {
        if (between) {
          between = false;
        } else {
          conjunct(start, i, pinned);
          start = i + 1;
        }
      }
    }
    conjunct(start, to, pinned);
    return coversKey(pinned, false);
  }

  private void conjunct(int from, int to, Set<String> pinned) {
    int column = columnEnd(from, to);
    if (column > from
        && tokens.isSymbol(column, '=')
        && column + 2 == to
        && comparesExactly(tokens.name(column - 1), column + 1)) {
      pinned.add(tokens.name(column - 1).toLowerCase(Locale.ROOT));
    }
  }

  /** Behind the column that begins at {@code from}, qualified or not; {@code from} for none. */
  private int columnEnd(int from, int to) {
    int i = from;
    while (i < to && tokens.isName(i)) {
      if (!tokens.isSymbol(i + 1, '.')) {
        return i + 1;
      }
      i += 2;
    }
    return from;
  }

  /** A comparison of unlike types converts, and then one value may equal several rows. */
  private boolean comparesExactly(String column, int value) {
    String type = table.column(column).map(TableDefinition.Column::type).orElse("");
    TokenKind kind = tokens.kind(value);
    if (INTEGERS.contains(type)) {
      return kind == TokenKind.INTEGER
          || kind == TokenKind.PLACEHOLDER
          || (kind == TokenKind.STRING && isShortInteger(TokenText.string(tokens, value).latin1()));
    }
    return STRINGS.contains(type) && (kind == TokenKind.STRING || kind == TokenKind.PLACEHOLDER);
  }

  private static boolean isShortInteger(String text) {
    return !text.isEmpty()
        && text.length() <= EXACT_DIGITS_MAX
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether no two rows are equal in this order. */
  boolean isTotal(TokenRange order) {
    Set<String> columns = new HashSet<>();
    int start = order.from();
    for (int i = order.from(); i <= order.to(); i++) {
      if (i == order.to() || tokens.isSymbol(i, ',')) {
        int column = columnEnd(start, i);
        int rest = i - column;
        boolean plain = rest == 0 || (rest == 1 && tokens.isAny(column, "ASC", "DESC"));
        if (column > start && plain) {
          columns.add(tokens.name(column - 1).toLowerCase(Locale.ROOT));
        }
        start = i + 1;
      } else if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      }
    }
    return coversKey(columns, true);
  }

  private boolean coversKey(Set<String> columns, boolean notNull) {
    List<List<String>> keys = new ArrayList<>(table.uniqueKeys());
    if (!table.primaryKey().isEmpty()) {
      keys.add(table.primaryKey());
    }
    return keys.stream()
        .filter(key -> !notNull || key.stream().noneMatch(this::isNullable))
        .anyMatch(
            key ->
                key.stream().allMatch(column -> columns.contains(column.toLowerCase(Locale.ROOT))));
  }

  private boolean isNullable(String column) {
    return table.column(column).map(TableDefinition.Column::nullable).orElse(true);
  }

  /** Whether any column of a unique key is given a value that is not the same for every row. */
  boolean movesKey(TokenRange assignments) {
    Set<String> keyed = new HashSet<>();
    table.primaryKey().forEach(column -> keyed.add(column.toLowerCase(Locale.ROOT)));
    table
        .uniqueKeys()
        .forEach(key -> key.forEach(column -> keyed.add(column.toLowerCase(Locale.ROOT))));
    for (Assigned each : assigned(assignments)) {
      if (keyed.contains(each.column().toLowerCase(Locale.ROOT)) && !isConstant(each)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every assigned value is the same for every row. */
  boolean assignsConstants(TokenRange assignments) {
    return assigned(assignments).stream().allMatch(this::isConstant);
  }

  private boolean isConstant(Assigned each) {
    int from = tokens.isSymbol(each.from(), '-') ? each.from() + 1 : each.from();
    if (each.to() != from + 1) {
      return false;
    }
    TokenKind kind = tokens.kind(from);
    return kind.isLiteral()
        || kind == TokenKind.PLACEHOLDER
        || tokens.isAny(from, "NULL", "DEFAULT", "TRUE", "FALSE", "CURRENT_TIMESTAMP");
  }

  /** One assignment: its column and the tokens of its value. */
  record Assigned(String column, int from, int to) {}

  /** What is assigned to the column of this name. */
  List<Assigned> assigned(TokenRange range, String column) {
    return assigned(range).stream().filter(each -> each.column().equalsIgnoreCase(column)).toList();
  }

  private List<Assigned> assigned(TokenRange range) {
    List<Assigned> all = new ArrayList<>();
    int start = range.from();
    for (int i = range.from(); i <= range.to(); i++) {
      if (i < range.to() && tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (i == range.to() || tokens.isSymbol(i, ',')) {
        int column = columnEnd(start, i);
        if (column > start) {
          all.add(new Assigned(tokens.name(column - 1), column + 1, i));
        }
        start = i + 1;
      }
    }
    return all;
  }
}
