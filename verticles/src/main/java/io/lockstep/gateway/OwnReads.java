package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Statement;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.Optional;

/** Reads whose answer the master's database does not know, or not alone. */
final class OwnReads {
  private OwnReads() {}

  /** Whether a statement may be one, whatever the session's state. */
  static boolean concerns(Statement statement) {
    return isProcessList(statement.tokens()) || Substitution.concerns(statement);
  }

  /** Runs it, if it is one. */
  static Optional<Future<Void>> answer(Session session, Statement statement, Answer answer) {
    Optional<Future<Void>> known = Diagnostics.answer(session, statement, answer);
    if (known.isPresent()) {
      return known;
    }
    Tokens tokens = statement.tokens();
    if (isProcessList(tokens)) {
      return Optional.of(
          new ProcessList(session)
              .show(tokens.is(1, "FULL"))
              .compose(query -> instead(session, query, statement, answer)));
    }
    return Substitution.concerns(statement)
        ? new Substitution(session, statement)
            .text()
            .map(text -> text.compose(query -> instead(session, query, statement, answer)))
        : Optional.empty();
  }

  private static boolean isProcessList(Tokens tokens) {
    return tokens.is(0, "SHOW")
        && (tokens.is(1, "PROCESSLIST") || (tokens.is(1, "FULL") && tokens.is(2, "PROCESSLIST")));
  }

  private static Future<Void> instead(
      Session session, Bytes query, Statement statement, Answer answer) {
    return session.run(Classifier.readOne(query, statement.dialect()), answer);
  }
}
