package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves Lockstep's own schema and procedures out of what a plain query of the information schema
 * lists, as {@link HiddenRows} does. Where a query has several blocks, they are there.
 */
final class HiddenSchema {
  private static final String INFORMATION_SCHEMA = "information_schema";

  /** Tables that list schemas or what is in them, and their column of the schema. */
  private static final Map<String, String> LISTS =
      Map.of(
          "schemata", "schema_name",
          "tables", "table_schema",
          "columns", "table_schema",
          "statistics", "table_schema",
          "partitions", "table_schema",
          "table_constraints", "table_schema",
          "key_column_usage", "table_schema");

  /** Tables that list procedures, and their column of the name. */
  private static final Map<String, String> PROGRAMS =
      Map.of("routines", "routine_name", "parameters", "specific_name");

  private static final String[] BEHIND_WHERE = {
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "PROCEDURE",
    "FOR",
    "LOCK",
    "INTO",
    "WINDOW",
    "OFFSET",
    "FETCH"
  };

  private final Session session;
  private final Statement statement;
  private final Tokens tokens;

  HiddenSchema(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
    this.tokens = statement.tokens();
  }

  /** Whether a statement may list it. */
  static boolean concerns(Statement statement) {
    return statement.tokens().is(0, "SELECT")
        && statement.facts().tables().stream()
            .anyMatch(table -> condition(table.name(), "").isPresent());
  }

  /** What a row has to be; the outer side of a join may have none. */
  private static Optional<String> condition(String table, String prefix) {
    String name = table.toLowerCase(Locale.ROOT);
    Optional<String> schema =
        Optional.ofNullable(LISTS.get(name)).map(column -> prefix + column + "<>'lockstep'");
    Optional<String> program =
        Optional.ofNullable(PROGRAMS.get(name))
            .map(column -> "NOT " + OwnProcedures.isOne(prefix + column));
    return schema.or(() -> program);
  }

  /** The query with one more condition; empty where there is none to add. */
  Optional<Bytes> text() {
    int from = clause(1, "FROM");
    if (!concerns(statement) || severalBlocks() || from == tokens.count()) {
      return Optional.empty();
    }
    int end = clause(from, BEHIND_WHERE);
    int where = Math.min(clause(from, "WHERE"), end);
    String condition = String.join(" AND ", conditions(from + 1, where));
    if (condition.isEmpty()) {
      return Optional.empty();
    }
    String text = statement.sql().latin1();
    int close = end < tokens.count() ? tokens.start(end) : tokens.end(end - 1);
    String before = text.substring(0, where < end ? tokens.start(where) : close);
    String filter =
        where < end
            ? condition + " AND (" + text.substring(tokens.end(where), close) + ") "
            : condition + " ";
    return Optional.of(Bytes.ofLatin1(before + " WHERE " + filter + text.substring(close)));
  }

  private boolean severalBlocks() {
    for (int i = 1; i < tokens.count(); i++) {
      if (tokens.isAny(i, "SELECT", "UNION", "EXCEPT", "INTERSECT", "VALUES")) {
        return true;
      }
    }
    return false;
  }

  /** The first of these words outside of parentheses, or the end of the statement. */
  private int clause(int from, String... words) {
    int i = from;
    while (i < tokens.count() && !tokens.isAny(i, words) && !tokens.isSymbol(i, ';')) {
      i = tokens.isSymbol(i, '(') ? tokens.closing(i) + 1 : i + 1;
    }
    return Math.min(i, tokens.count());
  }

  private List<String> conditions(int from, int to) {
    List<String> conditions = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (tokens.isName(i) && condition(tokens.name(i), "").isPresent() && isTable(i)) {
        condition(tokens.name(i), quoted(nameOf(i)) + ".")
            .ifPresent(one -> conditions.add("COALESCE(" + one + ",1)"));
      }
    }
    return conditions;
  }

  private String nameOf(int table) {
    int next = table + 1;
    return Replacement.hasAlias(tokens, next)
        ? tokens.name(tokens.is(next, "AS") ? next + 1 : next)
        : tokens.name(table);
  }

  private boolean isTable(int i) {
    boolean qualified = tokens.isSymbol(i - 1, '.');
    int first = qualified ? i - 2 : i;
    Optional<String> schema =
        qualified ? Optional.of(tokens.name(first)) : Optional.of(session.state().schema());
    return !tokens.isSymbol(i + 1, '.')
        && (tokens.isAny(first - 1, "FROM", "JOIN", "STRAIGHT_JOIN")
            || tokens.isSymbol(first - 1, ',')
            || tokens.isSymbol(first - 1, '('))
        && schema.filter(INFORMATION_SCHEMA::equalsIgnoreCase).isPresent();
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
