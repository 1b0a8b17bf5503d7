package io.lockstep.sql;

import java.util.Optional;

/**
 * CREATE TABLE … LIKE, taken apart.
 *
 * @param head up to the new table's name, as written
 * @param source the table that it is to be like, as written
 */
public record LikedTable(String head, String source) {
  /** Empty for every other statement. */
  public static Optional<LikedTable> of(Statement statement) {
    Tokens tokens = statement.tokens();
    int table = tokens.is(1, "OR") && tokens.is(2, "REPLACE") ? 3 : 1;
    if (!tokens.is(0, "CREATE") || !tokens.is(table, "TABLE")) {
      return Optional.empty();
    }
    boolean condition = tokens.is(table + 1, "IF") && tokens.is(table + 2, "NOT");
    int last = lastOfName(tokens, condition ? table + 4 : table + 1);
    boolean inside = tokens.isSymbol(last + 1, '(');
    int like = inside ? last + 2 : last + 1;
    int end = lastOfName(tokens, like + 1);
    if (!tokens.is(like, "LIKE") || !tokens.isName(end)) {
      return Optional.empty();
    }
    return Optional.of(
        new LikedTable(
            tokens.textOf(0, last + 1).latin1(), tokens.textOf(like + 1, end + 1).latin1()));
  }

  private static int lastOfName(Tokens tokens, int first) {
    return tokens.isSymbol(first + 1, '.') ? first + 2 : first;
  }
}
