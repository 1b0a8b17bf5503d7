package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What a query asks of the gateway, written into it before the master's database runs it: the
 * connection's id, the cluster's sessions.
 */
final class Substitution {
  private static final String INFORMATION_SCHEMA = "information_schema";
  private static final String PROCESSLIST = "PROCESSLIST";

  private final Session session;
  private final Statement statement;
  private final Replacement replacement;

  Substitution(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
    this.replacement = new Replacement(statement.tokens());
  }

  /** Whether a query may have something to be written in. */
  static boolean concerns(Statement statement) {
    Facts facts = statement.facts();
    return facts.calls(FunctionKind.CONNECTION_ID)
        || facts.tables().stream().anyMatch(table -> table.name().equalsIgnoreCase(PROCESSLIST));
  }

  /** The query to run instead; empty when nothing was found after all. */
  Optional<Future<Bytes>> text() {
    functions();
    if (asksForProcesses()) {
      return Optional.of(new ProcessList(session).table().map(this::withProcesses));
    }
    return replacement.isEmpty()
        ? Optional.empty()
        : Optional.of(Future.succeededFuture(replacement.sql()));
  }

  private void functions() {
    for (Facts.Call call : statement.facts().calls()) {
      if (call.kind() == FunctionKind.CONNECTION_ID && call.emptyArguments()) {
        replacement.expression(
            call.firstToken(),
            call.firstToken() + 2,
            "CAST(" + session.state().connectionId() + " AS UNSIGNED)");
      }
    }
  }

  private boolean asksForProcesses() {
    return statement.facts().tables().stream().anyMatch(this::isProcessList);
  }

  private boolean isProcessList(TableRef table) {
    return table.name().equalsIgnoreCase(PROCESSLIST)
        && table.schema().orElse(session.state().schema()).equalsIgnoreCase(INFORMATION_SCHEMA);
  }

  private Bytes withProcesses(String query) {
    Tokens tokens = statement.tokens();
    for (int i = 0; i < tokens.count(); i++) {
      boolean named = tokens.isName(i) && tokens.name(i).equalsIgnoreCase(PROCESSLIST);
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
    return replacement.sql();
  }
}
