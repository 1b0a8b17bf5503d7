package io.lockstep.sql;

/**
 * Where the schedule stands in CREATE EVENT and ALTER EVENT: behind ON SCHEDULE and before the
 * body, which begins with DO (MariaDB Knowledge Base: CREATE EVENT).
 */
public final class ScheduleClause {
  private ScheduleClause() {}

  /** Whether the statement says when its event is due. */
  public static boolean isIn(Tokens tokens) {
    return start(tokens) < tokens.count();
  }

  /** The index behind ON SCHEDULE; the count of tokens without it. */
  static int start(Tokens tokens) {
    DefinitionReader reader = new DefinitionReader(tokens);
    int name = reader.afterExists(reader.kindAt() + 1);
    for (int i = NameList.after(tokens, name); !tokens.is(i, "DO"); i++) {
      if (i >= tokens.count()) {
        return tokens.count();
      }
      if (tokens.is(i, "ON") && tokens.is(i + 1, "SCHEDULE")) {
        return i + 2;
      }
    }
    return tokens.count();
  }

  /** The index of whatever follows the schedule that begins at {@code from}. */
  static int end(Tokens tokens, int from) {
    int i = from;
    while (i < tokens.count()) {
      boolean next =
          tokens.isAny(i, "DO", "ENABLE", "DISABLE", "COMMENT", "RENAME")
              || (tokens.is(i, "ON") && tokens.is(i + 1, "COMPLETION"));
      if (next) {
        return i;
      }
      i = tokens.isSymbol(i, '(') ? Math.max(i + 1, tokens.closing(i)) : i + 1;
    }
    return Math.min(i, tokens.count());
  }
}
