package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A query of one table that picks rows of many, taken apart: first the keys of the rows that it
 * takes, then these rows by their keys. It skips those that others have locked, or ends at a LIMIT,
 * and which are left then is for the server to say, by its own statistics. So the second can be
 * compared later, and on other servers.
 */
public final class PickingQuery {
  private static final String[] BEHIND_TABLE = {"WHERE", "ORDER", "LIMIT", "FOR", "LOCK"};
  private static final String[] BEHIND_CONDITION = {"ORDER", "LIMIT", "FOR", "LOCK"};

  /** With these a row of the answer is not one of the table. */
  private static final Set<String> AGGREGATES =
      Set.of(
          "AVG",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "COUNT",
          "GROUP_CONCAT",
          "JSON_ARRAYAGG",
          "JSON_OBJECTAGG",
          "MAX",
          "MIN",
          "STD",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "SUM",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP");

  /** Longer numbers are no limits. */
  private static final int DIGITS_MAX = 18;

  private final Tokens tokens;
  private final TableRef table;
  private final int from;
  private final int behindTable;

  private PickingQuery(Tokens tokens, TableRef table, int from, int behindTable) {
    this.tokens = tokens;
    this.table = table;
    this.from = from;
    this.behindTable = behindTable;
  }

  /** Whether it may pick anything at all. */
  public static boolean isBy(Statement statement) {
    return statement.facts().limit() || skips(statement);
  }

  /** Whether it skips anything. */
  public static boolean skips(Statement statement) {
    return skips(statement.tokens());
  }

  private static boolean skips(Tokens tokens) {
    for (int i = 1; i + 1 < tokens.count(); i++) {
      if (tokens.is(i, "SKIP")
          && tokens.is(i + 1, "LOCKED")
          && tokens.isAny(i - 1, "UPDATE", "MODE", "SHARE")) {
        return true;
      }
    }
    return false;
  }

  /** Nothing for any other query, and for one that is not as simple as that. */
  public static Optional<PickingQuery> of(Statement statement) {
    Tokens tokens = statement.tokens();
    Facts facts = statement.facts();
    boolean simple =
        isBy(statement)
            && tokens.is(0, "SELECT")
            && !tokens.hasExecutableComment()
            && facts.tables().size() == 1
            && !facts.choosesRows()
            && !facts.callsUnknownFunction()
            && !facts.assignsUserVariables();
    if (!simple) {
      return Optional.empty();
    }
    int from = next(tokens, 1, "FROM");
    int behind = behindTable(tokens, from);
    boolean understood = tokens.isAny(behind, BEHIND_TABLE) && !mentions(tokens);
    return understood
        ? Optional.of(new PickingQuery(tokens, facts.tables().get(0), from, behind))
        : Optional.empty();
  }

  /**
   * Rows put together, another query inside, a target, rows left out before the first, or an order
   * by a column's number.
   */
  private static boolean mentions(Tokens tokens) {
    for (int i = 1; i < tokens.count(); i++) {
      boolean byNumber =
          tokens.is(i - 1, "BY")
              && tokens.isAny(i - 2, "ORDER")
              && tokens.kind(i) == TokenKind.INTEGER;
      boolean combines = AGGREGATES.contains(tokens.upper(i)) && tokens.isSymbol(i + 1, '(');
      if (byNumber
          || combines
          || (tokens.is(i - 1, "LIMIT") && tokens.isSymbol(i + 1, ','))
          || tokens.isAny(
              i,
              "SELECT",
              "INTO",
              "HAVING",
              "PROCEDURE",
              "PARTITION",
              "OFFSET",
              "FETCH",
              "EXAMINED",
              "SQL_CALC_FOUND_ROWS")) {
        return true;
      }
    }
    return false;
  }

  private static int behindTable(Tokens tokens, int from) {
    int i = from + 2;
    if (tokens.isSymbol(i, '.')) {
      i += 2;
    }
    if (tokens.is(i, "AS")) {
      return i + 2;
    }
    return tokens.isName(i) && !tokens.isAny(i, BEHIND_TABLE) ? i + 1 : i;
  }

  /** The first of these words outside of parentheses; the number of tokens for none. */
  private static int next(Tokens tokens, int start, String... words) {
    int i = start;
    while (i < tokens.count() && !tokens.isAny(i, words)) {
      i = tokens.isSymbol(i, '(') ? tokens.closing(i) + 1 : i + 1;
    }
    return Math.min(i, tokens.count());
  }

  /** The table that it reads. */
  public TableRef table() {
    return table;
  }

  /** Whether every server takes the same rows of the same content. */
  public boolean leavesNoChoice(TableDefinition of) {
    Conditions conditions = new Conditions(tokens, of);
    boolean pinned = where().map(conditions::pins).orElse(false);
    return !skips(tokens) && (pinned || order().map(conditions::isTotal).orElse(false));
  }

  /** Whether there may be more rows than these that it found. */
  public boolean leavesOut(int rows) {
    int limit = next(tokens, behindTable, "LIMIT") + 1;
    boolean more =
        limit >= tokens.count()
            || tokens.kind(limit) != TokenKind.INTEGER
            || tokens.raw(limit).length() > DIGITS_MAX
            || rows >= Long.parseLong(tokens.raw(limit));
    return skips(tokens) || more;
  }

  private Optional<DmlShape.TokenRange> where() {
    int from = behindTable + 1;
    return tokens.is(behindTable, "WHERE")
        ? Optional.of(new DmlShape.TokenRange(from, next(tokens, from, BEHIND_CONDITION)))
        : Optional.empty();
  }

  private Optional<DmlShape.TokenRange> order() {
    int from = next(tokens, behindTable, "ORDER") + 2;
    return from < tokens.count()
        ? Optional.of(new DmlShape.TokenRange(from, next(tokens, from, "LIMIT", "FOR", "LOCK")))
        : Optional.empty();
  }

  /** The same rows, by these columns alone. */
  public Bytes keys(List<String> columns) {
    return joined(Bytes.utf8("SELECT " + names(columns) + " "), tokens.textOf(from, end()));
  }

  /** The same query, of these rows alone; found by their keys, so that no others are locked. */
  public Bytes of(List<String> columns, List<List<String>> keys) {
    boolean filters = tokens.is(behindTable, "WHERE");
    int condition = filters ? behindTable + 1 : behindTable;
    int rest = next(tokens, condition, BEHIND_CONDITION);
    String rows =
        keys.isEmpty()
            ? "FALSE"
            : "("
                + names(columns)
                + ") IN ("
                + keys.stream()
                    .map(key -> "(" + String.join(",", key) + ")")
                    .collect(Collectors.joining(","))
                + ")";
    return joined(
        tokens.textOf(0, behindTable),
        Bytes.utf8(" FORCE INDEX FOR JOIN (PRIMARY) WHERE " + rows + (filters ? " AND (" : " ")),
        tokens.textOf(condition, rest),
        Bytes.utf8(filters ? ") " : ""),
        tokens.textOf(rest, end()));
  }

  private int end() {
    int last = tokens.count() - 1;
    return tokens.isSymbol(last, ';') ? last : last + 1;
  }

  private static String names(List<String> columns) {
    return columns.stream()
        .map(name -> "`" + name.replace("`", "``") + "`")
        .collect(Collectors.joining(","));
  }

  private static Bytes joined(Bytes... parts) {
    String text = Stream.of(parts).map(Bytes::latin1).collect(Collectors.joining());
    return Bytes.owning(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
