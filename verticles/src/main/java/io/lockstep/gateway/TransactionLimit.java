package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;

/**
 * Begins and ends transactions. They only read for now: the database itself holds them to that, and
 * a write inside is refused before it.
 */
final class TransactionLimit {
  private static final String BEGIN = "START TRANSACTION READ ONLY";

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  TransactionLimit(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run(StatementClass.TransactionControl control) {
    return switch (control.verb()) {
      case BEGIN, BEGIN_READ_ONLY -> forward(begin(statement.tokens()));
      case COMMIT, ROLLBACK, SAVEPOINT, ROLLBACK_TO, RELEASE -> forward(statement.sql());
      case XA -> session.refuse(answer, MySqlError.notSupported("XA transactions"));
    };
  }

  /** Never READ WRITE: that would open the database to the session. */
  private static Bytes begin(Tokens tokens) {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "SNAPSHOT")) {
        return Bytes.utf8("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
      }
    }
    return Bytes.utf8(BEGIN);
  }

  private Future<Void> forward(Bytes sql) {
    SessionState state = session.state();
    state.read();
    return session
        .backend()
        .query(sql)
        .map(
            reply -> {
              state.status(Relay.status(reply, state.status()));
              answer.reply(reply);
              return null;
            });
  }
}
