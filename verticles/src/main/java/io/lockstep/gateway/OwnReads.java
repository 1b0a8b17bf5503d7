package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.Optional;

/** Reads whose answer the master's database does not know, or not alone. */
final class OwnReads {
  private OwnReads() {}

  /** Whether a statement may be one, whatever the session's state. */
  static boolean concerns(Statement statement) {
    return (statement.tokens().is(0, "SHOW")
            && (Diagnostics.concerns(statement)
                || ShowValues.concerns(statement)
                || HiddenRows.concerns(statement)
                || isProcessList(statement.tokens())))
        || LockCalls.concerns(statement)
        || statement.facts().calls(FunctionKind.SEQUENCE)
        || HiddenSchema.concerns(statement)
        || Substitution.concerns(statement);
  }

  /** Runs it, if it is one. */
  static Optional<Future<Void>> answer(Session session, Statement statement, Answer answer) {
    if (!concerns(statement)) {
      return Optional.empty();
    }
    Tokens tokens = statement.tokens();
    if (Diagnostics.concerns(statement)) {
      return Diagnostics.answer(session, statement, answer);
    }
    if (ShowValues.concerns(statement)) {
      return Optional.of(new ShowValues(session, statement, answer).run());
    }
    if (HiddenRows.concerns(statement)) {
      return Optional.of(new HiddenRows(session, statement, answer).run());
    }
    if (isProcessList(tokens)) {
      return Optional.of(
          new ProcessList(session)
              .show(tokens.is(1, "FULL"))
              .compose(query -> instead(session, query, statement, answer)));
    }
    Optional<Bytes> hidden = new HiddenSchema(session, statement).text();
    Statement asked =
        hidden.map(text -> Classifier.readOne(text, statement.dialect())).orElse(statement);
    return new Substitution(session, asked)
        .text()
        .or(() -> hidden.map(Future::succeededFuture))
        .map(text -> text.compose(query -> instead(session, query, statement, answer)));
  }

  /** What a database can prepare in its place, with the same parameters and columns. */
  static Bytes preparable(Session session, Statement statement, Bytes sql) {
    return OwnVariables.concerns(statement.type())
        ? OwnVariables.preparable(statement)
        : Substitution.preparable(session, statement, sql);
  }

  private static boolean isProcessList(Tokens tokens) {
    return tokens.is(0, "SHOW")
        && (tokens.is(1, "PROCESSLIST") || (tokens.is(1, "FULL") && tokens.is(2, "PROCESSLIST")));
  }

  private static Future<Void> instead(
      Session session, Bytes query, Statement statement, Answer answer) {
    Statement written = Classifier.readOne(query, statement.dialect());
    return new Reading(session, written, answer)
        .atMaster(new StatementClass.Read(Optional.empty(), false, false));
  }
}
