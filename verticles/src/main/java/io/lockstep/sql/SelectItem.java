package io.lockstep.sql;

import java.util.Optional;

/**
 * One expression of a SELECT or RETURNING list: the tokens from {@code from} to before {@code to}.
 */
record SelectItem(int from, int to) {
  private static final String[] OTHER_CLAUSES = {
    "FROM", "WHERE", "HAVING", "ORDER", "GROUP", "BY", "LIMIT", "OFFSET", "ON", "USING", "SET",
    "VALUES", "INTO", "JOIN"
  };
  private static final String[] ENDS = {
    "FROM",
    "INTO",
    "WHERE",
    "HAVING",
    "ORDER",
    "GROUP",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "FOR",
    "LOCK",
    "PROCEDURE",
    "WINDOW",
    "OFFSET",
    "FETCH"
  };
  private static final String[] TABLE_ENDS = {
    "WHERE", "HAVING", "ORDER", "GROUP", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "FOR", "LOCK",
    "PROCEDURE", "WINDOW", "OFFSET", "FETCH", "JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL",
    "STRAIGHT_JOIN", "ON", "USING", "INTO", "USE", "FORCE", "IGNORE", "PARTITION", "SET"
  };
  private static final String[] MODIFIERS = {
    "ALL",
    "DISTINCT",
    "DISTINCTROW",
    "HIGH_PRIORITY",
    "STRAIGHT_JOIN",
    "SQL_SMALL_RESULT",
    "SQL_BIG_RESULT",
    "SQL_BUFFER_RESULT",
    "SQL_CACHE",
    "SQL_NO_CACHE",
    "SQL_CALC_FOUND_ROWS"
  };

  /** The item that holds the tokens from {@code first} to {@code last}, if one does. */
  static Optional<SelectItem> around(Tokens tokens, int first, int last) {
    int outward = 0;
    int comma = -1;
    for (int i = first - 1; i >= 0; i--) {
      if (tokens.isSymbol(i, ')')) {
        i = opening(tokens, i);
      } else if (tokens.isSymbol(i, '(')) {
        outward++;
        comma = -1;
      } else if (tokens.isSymbol(i, ',')) {
        comma = comma < 0 ? i : comma;
      } else if (tokens.isAny(i, "SELECT", "RETURNING")) {
        int from = comma < 0 ? behindModifiers(tokens, i + 1) : comma + 1;
        return Optional.of(new SelectItem(from, end(tokens, last + 1, outward)));
      } else if (tokens.isAny(i, OTHER_CLAUSES)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Whether the statement goes on with another clause here, and not with a table's alias. */
  static boolean endsTable(Tokens tokens, int index) {
    return tokens.isAny(index, TABLE_ENDS);
  }

  /** Whether the item is given a name of its own. */
  boolean hasName(Tokens tokens) {
    int last = to - 1;
    if (last <= from) {
      return false;
    }
    boolean name = tokens.isName(last) || tokens.kind(last) == TokenKind.STRING;
    boolean value =
        tokens.isSymbol(last - 1, ')')
            || tokens.kind(last - 1) == TokenKind.SYSTEM_VARIABLE
            || tokens.kind(last - 1).isLiteral();
    return name && (value || tokens.is(last - 1, "AS")) && !tokens.isAny(last, "END", "NULL");
  }

  private static int opening(Tokens tokens, int close) {
    int depth = 0;
    for (int i = close; i >= 0; i--) {
      if (tokens.isSymbol(i, ')')) {
        depth++;
      } else if (tokens.isSymbol(i, '(') && --depth == 0) {
        return i;
      }
    }
    return 0;
  }

  private static int behindModifiers(Tokens tokens, int from) {
    int i = from;
    while (tokens.isAny(i, MODIFIERS)) {
      i++;
    }
    return i;
  }

  private static int end(Tokens tokens, int from, int outward) {
    int inside = outward;
    int i = from;
    while (i < tokens.count()) {
      if (tokens.isSymbol(i, '(')) {
        i = Math.min(tokens.closing(i), tokens.count() - 1);
      } else if (tokens.isSymbol(i, ')')) {
        if (inside-- == 0) {
          return i;
        }
      } else if (inside == 0
          && (tokens.isSymbol(i, ',') || tokens.isSymbol(i, ';') || tokens.isAny(i, ENDS))) {
        return i;
      }
      i++;
    }
    return tokens.count();
  }
}
