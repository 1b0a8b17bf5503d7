package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.GlobalVariables;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a query asks of the gateway, written into it before the master's database runs it: the
 * connection's id, what the statement before did, Lockstep's variables, the cluster's sessions.
 */
final class Substitution {
  private static final String INFORMATION_SCHEMA = "information_schema";
  private static final String PROCESSLIST = "processlist";
  private static final Set<String> TABLES =
      Set.of(
          PROCESSLIST, "global_status", "session_status", "global_variables", "session_variables");
  private static final Set<String> COUNTS = Set.of("warning_count", "error_count");

  /** The database's own answer is 0 in a branch that has used no table. */
  private static final String IN_TRANSACTION = "in_transaction";

  private static final Set<String> FUNCTIONS = Set.of("ROW_COUNT", "FOUND_ROWS");

  /** Name and parentheses. */
  private static final int CALL_TOKENS = 3;

  private final Session session;
  private final Statement statement;
  private final Tokens tokens;
  private final DiagnosticsArea area;
  private final Replacement replacement;
  private final List<Integer> foundRows = new ArrayList<>();

  Substitution(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
    this.tokens = statement.tokens();
    this.area = session.state().diagnostics();
    this.replacement = new Replacement(tokens);
  }

  /** Whether a query may have something to be written in. */
  static boolean concerns(Statement statement) {
    Facts facts = statement.facts();
    return facts.calls().stream().anyMatch(Substitution::isOurs)
        || facts.systemVariables().stream().anyMatch(Substitution::isOurs)
        || facts.tables().stream()
            .anyMatch(table -> TABLES.contains(table.name().toLowerCase(Locale.ROOT)));
  }

  private static boolean isOurs(String variable) {
    return COUNTS.contains(variable)
        || variable.equals(IN_TRANSACTION)
        || variable.startsWith(ClusterView.PREFIX)
        || variable.equals(GlobalVariables.EVENT_SCHEDULER);
  }

  private static boolean isOurs(Facts.Call call) {
    return call.emptyArguments()
        && (call.kind() == FunctionKind.CONNECTION_ID
            || (call.kind() == FunctionKind.UNPINNED && FUNCTIONS.contains(call.name())));
  }

  /** The query to run instead; empty when nothing is to be written in after all. */
  Optional<Future<Bytes>> text() {
    functions();
    ClusterView view = new ClusterView(session);
    variables(view.variables());
    List<TableRef> tables = statement.facts().tables().stream().filter(this::isOurs).toList();
    boolean events = statement.facts().systemVariables().contains(GlobalVariables.EVENT_SCHEDULER);
    if (replacement.isEmpty() && foundRows.isEmpty() && tables.isEmpty() && !events) {
      return Optional.empty();
    }
    Future<Void> done =
        events ? view.eventScheduler().map(this::variables) : Future.succeededFuture();
    if (!foundRows.isEmpty()) {
      done = done.compose(before -> area.foundRows()).map(this::foundRows);
    }
    for (String name : tables.stream().map(table -> lower(table.name())).distinct().toList()) {
      done = done.compose(before -> query(name)).map(query -> table(name, query));
    }
    return Optional.of(done.map(all -> replacement.sql()));
  }

  /**
   * The statement, of any kind, with what it calls of the gateway written in; empty when it calls
   * nothing of the kind.
   */
  Optional<Future<Bytes>> called() {
    functions();
    if (replacement.isEmpty() && foundRows.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(area.foundRows().map(this::foundRows).map(all -> replacement.sql()));
  }

  /** The text with Lockstep's variables written in, which no database knows, for a preparation. */
  static Bytes preparable(Session session, Statement statement, Bytes sql) {
    boolean asks =
        statement.facts().systemVariables().stream()
            .anyMatch(name -> name.startsWith(ClusterView.PREFIX));
    if (!asks || !statement.type().isRead()) {
      return sql;
    }
    Substitution substitution = new Substitution(session, statement);
    substitution.variables(new ClusterView(session).variables());
    return substitution.replacement.sql();
  }

  private void functions() {
    for (Facts.Call call : statement.facts().calls()) {
      int last = call.firstToken() + CALL_TOKENS - 1;
      if (!isOurs(call)) {
        continue;
      }
      if (call.kind() == FunctionKind.CONNECTION_ID) {
        long id = session.state().connectionId();
        replacement.expression(call.firstToken(), last, "CAST(" + id + " AS UNSIGNED)");
      } else if (call.name().equals("ROW_COUNT")) {
        replacement.expression(call.firstToken(), last, WholeNumber.signed(area.rowCount()));
      } else {
        foundRows.add(call.firstToken());
      }
    }
  }

  private Void foundRows(long rows) {
    foundRows.forEach(
        first -> replacement.expression(first, first + CALL_TOKENS - 1, WholeNumber.signed(rows)));
    return null;
  }

  private Void variables(Map<String, String> own) {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.kind(i) != TokenKind.SYSTEM_VARIABLE) {
        continue;
      }
      String name = lower(tokens.raw(i).replace("`", ""));
      String bare = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('@')) + 1);
      if (own.containsKey(bare)) {
        replacement.expression(i, i, "'" + own.get(bare).replace("'", "''") + "'");
      } else if (bare.equals("warning_count") && area.lines().isPresent()) {
        replacement.expression(i, i, WholeNumber.unsigned(area.count()));
      } else if (bare.equals(IN_TRANSACTION)) {
        replacement.expression(i, i, WholeNumber.unsigned(session.state().inTransaction() ? 1 : 0));
      } else if (bare.equals("error_count") && area.lines().isPresent()) {
        replacement.expression(i, i, WholeNumber.unsigned(area.errors()));
      }
    }
    return null;
  }

  private boolean isOurs(TableRef table) {
    return TABLES.contains(lower(table.name()))
        && table.schema().orElse(session.state().schema()).equalsIgnoreCase(INFORMATION_SCHEMA);
  }

  private Future<String> query(String table) {
    if (table.equals(PROCESSLIST)) {
      return new ProcessList(session).table();
    }
    ClusterView view = new ClusterView(session);
    if (table.endsWith("status")) {
      return Future.succeededFuture(joined(table, "", view.status(table.startsWith("session"))));
    }
    return view.eventScheduler()
        .map(
            running -> {
              Map<String, String> values = view.variables();
              values.putAll(running);
              String others = running.isEmpty() ? "" : " WHERE VARIABLE_NAME<>'EVENT_SCHEDULER'";
              return joined(table, others, values);
            });
  }

  private static String joined(String table, String condition, Map<String, String> own) {
    return "SELECT * FROM information_schema."
        + table.toUpperCase(Locale.ROOT)
        + condition
        + " UNION ALL SELECT * FROM ("
        + ShowValues.table(own, true)
        + ") AS lockstep";
  }

  private Void table(String name, String query) {
    for (int i = 0; i < tokens.count(); i++) {
      boolean named = tokens.isName(i) && tokens.name(i).equalsIgnoreCase(name);
      boolean column = tokens.isSymbol(i + 1, '.') || tokens.isSymbol(i + 1, '(');
      if (!named || column) {
        continue;
      }
      boolean qualified =
          tokens.isSymbol(i - 1, '.')
              && tokens.isName(i - 2)
              && tokens.name(i - 2).equalsIgnoreCase(INFORMATION_SCHEMA);
      if (qualified) {
        replacement.table(i - 2, i, query);
      } else if (tokens.isAny(i - 1, "FROM", "JOIN") || tokens.isSymbol(i - 1, ',')) {
        replacement.table(i, i, query);
      }
    }
    return null;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
