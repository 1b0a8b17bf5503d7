package io.lockstep.sql;

import java.util.Optional;

/**
 * What an ALTER TABLE gives the rows that are there, where that would differ between nodes: values
 * of UUID() and the like, and numbers in the order in which a server finds rows without a primary
 * key. It may run where the table has no rows.
 */
public final class RowFilling {
  private final Statement statement;

  public RowFilling(Statement statement) {
    this.statement = statement;
  }

  /** Whether it is an ALTER TABLE at all. */
  public static boolean isBy(Statement statement) {
    return statement.type() instanceof StatementClass.Definition definition
        && definition.verb().equals("ALTER TABLE");
  }

  /** What existing rows would be given, of a table with or without a primary key. */
  public Optional<String> differing(boolean primaryKey) {
    return values()
        .or(
            () ->
                numbersRows() && !primaryKey
                    ? Optional.of(
                        "an AUTO_INCREMENT column for the rows of a table without primary key")
                    : Optional.empty());
  }

  private Optional<String> values() {
    Facts facts = FactsReader.read(statement.tokens(), 0, statement.tokens().count());
    for (Facts.Call call : facts.calls()) {
      boolean differs =
          switch (call.kind()) {
            case UUID, RAND, UNPINNED, USER, CURRENT_USER, CURRENT_ROLE, CONNECTION_ID -> true;
            default -> false;
          };
      if (differs && !isName(call.firstToken())) {
        return Optional.of("ALTER TABLE with " + call.name() + "() for existing rows");
      }
    }
    return Optional.empty();
  }

  /** An index or a table may have a function's name, and its columns stand in parentheses too. */
  private boolean isName(int token) {
    return statement.tokens().isAny(token - 1, "INDEX", "KEY", "UNIQUE", "EXISTS", "REFERENCES");
  }

  /** Whether an AUTO_INCREMENT column is defined, as opposed to the option AUTO_INCREMENT = n. */
  boolean numbersRows() {
    Tokens tokens = statement.tokens();
    for (int i = 0; i < tokens.count(); i++) {
      boolean option =
          tokens.isSymbol(i + 1, '=')
              || (i + 1 < tokens.count() && tokens.kind(i + 1) == TokenKind.INTEGER);
      if ((tokens.is(i, "AUTO_INCREMENT") && !option) || tokens.is(i, "SERIAL")) {
        return true;
      }
    }
    return false;
  }
}
