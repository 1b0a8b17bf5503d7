package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.Refused;
import java.util.Optional;

/**
 * Says what a statement is. A function of text and dialect alone; what it does not understand is
 * never a read unless its first keyword makes it one.
 */
public final class Classifier {
  private Classifier() {}

  /**
   * Reads one statement, as {@link StatementSplitter} hands it out; several are refused. Never
   * fails.
   */
  public static Statement read(Bytes sql, Dialect dialect) {
    return read(sql, dialect, false);
  }

  /** The same for a text that the server has accepted as one statement. */
  public static Statement readOne(Bytes sql, Dialect dialect) {
    return read(sql, dialect, true);
  }

  private static Statement read(Bytes text, Dialect dialect, boolean isOne) {
    Tokens tokens = StatementEnd.cut(text, dialect);
    Bytes sql = tokens.text();
    if (tokens.count() == 0) {
      return new Statement(
          sql, dialect, tokens, new StatementClass.Empty(), Facts.NONE, tokens.unterminated());
    }
    if (tokens.unterminated()) {
      return new Statement(sql, dialect, tokens, unreadable(), Facts.NONE, true);
    }
    if (!isOne && !StatementSplitter.isOne(tokens)) {
      return new Statement(sql, dialect, tokens, Refused.SEVERAL, Facts.NONE, true);
    }
    return NameCharacters.refusal(tokens)
        .map(refused -> new Statement(sql, dialect, tokens, refused, Facts.NONE, true))
        .orElseGet(() -> new ClassReader(sql, dialect, tokens).read());
  }

  private static StatementClass unreadable() {
    return new Refused(
        1064,
        "42000",
        "You have an error in your SQL syntax; a string, name or comment is not closed");
  }

  static Optional<Refused> oracle(Dialect dialect) {
    return dialect.oracle()
        ? Optional.of(Refused.notSupported("writes under sql_mode ORACLE"))
        : Optional.empty();
  }
}
