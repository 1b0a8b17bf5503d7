package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the text of a COM_QUERY into its statements at the semicolons that do not belong to a stored
 * program's body. A text without semicolon is handed back as it is.
 */
public final class StatementSplitter {
  private final Tokens tokens;
  private final List<Bytes> statements = new ArrayList<>();
  private int first;
  private int depth;
  private boolean program;

  private StatementSplitter(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * The statements in order, without their semicolons. A trailing semicolon adds no statement; a
   * statement of nothing but comments between two semicolons is kept, since the server answers it
   * with an error.
   */
  public static List<Bytes> split(Bytes sql, Dialect dialect) {
    if (sql.latin1().indexOf(';') < 0) {
      return List.of(sql);
    }
    return new StatementSplitter(SqlLexer.read(sql, dialect)).split();
  }

  /**
   * Whether a statement may be a stored program or a block: where such a body ends only the server
   * knows for sure.
   */
  public static boolean mayHoldSemicolons(Bytes sql, Dialect dialect) {
    Tokens tokens = SqlLexer.read(sql, dialect);
    return new StatementSplitter(tokens).startsProgram(0);
  }

  /** Whether the tokens are those of one statement. */
  static boolean isOne(Tokens tokens) {
    return !holdsSemicolon(tokens) || new StatementSplitter(tokens).split().size() == 1;
  }

  private static boolean holdsSemicolon(Tokens tokens) {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, ';')) {
        return true;
      }
    }
    return false;
  }

  private List<Bytes> split() {
    int from = 0;
    for (int i = 0; i < tokens.count(); i++) {
      if (i == first) {
        program = startsProgram(i);
        depth = 0;
      }
      if (tokens.isSymbol(i, ';') && depth == 0) {
        statements.add(tokens.slice(from, tokens.start(i)));
        from = tokens.end(i);
        first = i + 1;
      } else if (program) {
        i = block(i);
      }
    }
    if (first < tokens.count() || statements.isEmpty()) {
      statements.add(tokens.slice(from, tokens.text().length()));
    }
    return List.copyOf(statements);
  }

  /** Follows the blocks of a stored program; answers the last token that it consumed. */
  private int block(int i) {
    if (tokens.kind(i) != TokenKind.WORD || tokens.isSymbol(i - 1, '.')) {
      return i;
    }
    if (tokens.is(i, "END")) {
      depth = Math.max(0, depth - 1);
      boolean named = tokens.isAny(i + 1, "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR");
      return named ? i + 1 : i;
    }
    boolean opens =
        tokens.isAny(i, "BEGIN", "CASE", "LOOP")
            || (tokens.isAny(i, "IF", "WHILE", "REPEAT", "FOR")
                && startsStatement(i)
                && !callsFunction(i));
    if (opens) {
      depth++;
    }
    return i;
  }

  /** IF, WHILE, REPEAT and FOR are also functions and clauses; blocks only where one may begin. */
  private boolean startsStatement(int i) {
    return i == first
        || tokens.isSymbol(i - 1, ';')
        || tokens.isSymbol(i - 1, ':')
        || tokens.isSymbol(i - 1, ')')
        || tokens.isAny(i - 1, "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW", "ATOMIC");
  }

  /** {@code THEN IF(a, b, c)} inside a CASE: several arguments, and no comparison of rows. */
  private boolean callsFunction(int i) {
    if (!tokens.isSymbol(i + 1, '(')) {
      return false;
    }
    int end = tokens.closing(i + 1);
    int k = i + 2;
    while (k < end && !tokens.isSymbol(k, ',')) {
      k = tokens.isSymbol(k, '(') ? tokens.closing(k) + 1 : k + 1;
    }
    boolean comparesRows =
        tokens.isAny(end + 1, "IN", "NOT")
            || tokens.isSymbol(end + 1, '=')
            || tokens.isSymbol(end + 1, '<')
            || tokens.isSymbol(end + 1, '>');
    return k < end && !comparesRows;
  }

  private boolean startsProgram(int i) {
    if (tokens.is(i, "BEGIN")) {
      return tokens.is(i + 1, "NOT");
    }
    if (tokens.isAny(i, "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR")) {
      return true;
    }
    if (tokens.is(i, "SET") && tokens.is(i + 1, "STATEMENT")) {
      return startsProgram(behindFor(i));
    }
    if (!tokens.is(i, "CREATE")) {
      return false;
    }
    // The kind of object follows within a few tokens: OR REPLACE, DEFINER = user @ host, AGGREGATE.
    for (int k = i + 1; k < Math.min(tokens.count(), i + 14); k++) {
      if (tokens.isAny(k, "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE")) {
        return true;
      }
      if (tokens.isSymbol(k, '(') || tokens.isAny(k, "TABLE", "VIEW", "INDEX", "DATABASE")) {
        return false;
      }
    }
    return false;
  }

  private int behindFor(int from) {
    int i = from;
    while (i < tokens.count() && !tokens.is(i, "FOR")) {
      i++;
    }
    return i + 1;
  }
}
