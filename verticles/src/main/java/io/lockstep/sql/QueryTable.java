package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.Optional;

/**
 * CREATE TABLE … SELECT, taken apart.
 *
 * @param head up to the word TABLE, with IF NOT EXISTS
 * @param name of the table as written
 * @param rest everything behind the name: definitions, options, query
 */
public record QueryTable(
    String head, String name, Optional<String> schema, Bytes rest, boolean ifNotExists) {

  /** Empty for every other statement. */
  public static Optional<QueryTable> of(Statement statement) {
    Tokens tokens = statement.tokens();
    int table = tokens.is(1, "OR") && tokens.is(2, "REPLACE") ? 3 : 1;
    if (!tokens.is(0, "CREATE") || !tokens.is(table, "TABLE") || !queries(tokens, table + 1)) {
      return Optional.empty();
    }
    boolean condition = tokens.is(table + 1, "IF") && tokens.is(table + 2, "NOT");
    int name = condition ? table + 4 : table + 1;
    boolean qualified = tokens.isSymbol(name + 1, '.');
    int last = qualified ? name + 2 : name;
    if (!tokens.isName(name) || !tokens.isName(last)) {
      return Optional.empty();
    }
    return Optional.of(
        new QueryTable(
            statement.sql().latin1().substring(0, tokens.start(name)),
            statement.sql().latin1().substring(tokens.start(name), tokens.end(last)),
            qualified ? Optional.of(tokens.name(name)) : Optional.empty(),
            tokens.slice(tokens.end(last), statement.sql().length()),
            condition));
  }

  private static boolean queries(Tokens tokens, int from) {
    for (int i = from; i < tokens.count(); i++) {
      boolean values = tokens.is(i, "VALUES") && tokens.isSymbol(i + 1, '(');
      if (values || tokens.is(i, "SELECT")) {
        return true;
      }
    }
    return false;
  }
}
