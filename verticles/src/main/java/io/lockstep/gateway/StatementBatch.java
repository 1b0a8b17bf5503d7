package io.lockstep.gateway;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.StatementSplitter;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Runs the statements of one COM_QUERY one after the other; the first error ends them all. Read by
 * the settings that hold when each one's turn comes, as the server does.
 */
final class StatementBatch {
  /** ER_PARSE_ERROR. */
  private static final int PARSE_ERROR = 1064;

  private final Session session;
  private final ClientAnswer answer;
  private List<Bytes> statements = List.of();
  private Dialect dialect = Dialect.DEFAULT;
  private int index;

  StatementBatch(Session session, ClientAnswer answer) {
    this.session = session;
    this.answer = answer;
  }

  Future<Void> run(Bytes sql) {
    return session
        .ready()
        .compose(
            settings -> {
              read(sql, settings.dialect());
              return OneByOne.all(() -> index < statements.size(), this::next);
            })
        .mapEmpty();
  }

  private void read(Bytes sql, Dialect now) {
    statements = StatementSplitter.split(sql, now);
    dialect = now;
    index = 0;
  }

  /** Whether there is to be another. */
  private Future<Boolean> next() {
    if (index == 0) {
      return several().compose(this::run);
    }
    return session
        .ready()
        .compose(
            settings -> {
              if (!settings.dialect().equals(dialect)) {
                read(rest(), settings.dialect());
              }
              return several().compose(this::run);
            });
  }

  /**
   * How many pieces are the next statement: where a program's body ends only the server knows. What
   * it does not understand it quotes up to the end of the whole text.
   */
  private Future<Integer> several() {
    int left = statements.size() - index;
    Bytes first = statements.get(index);
    if (left == 1 || !StatementSplitter.mayHoldSemicolons(first, dialect)) {
      return Future.succeededFuture(1);
    }
    return isUnderstood(first).map(alone -> alone ? 1 : left);
  }

  private Future<Boolean> run(int pieces) {
    Bytes statement = pieces == 1 ? statements.get(index) : rest();
    index += pieces;
    answer.next(index < statements.size());
    return session.run(statement, answer).map(done -> !answer.failed());
  }

  /** Whether the server reads it as one statement, whatever else it may object to. */
  private Future<Boolean> isUnderstood(Bytes statement) {
    return new Preparing(session)
        .of(statement)
        .map(
            prepared -> {
              session.backend().connection().closeStatement(prepared.statementId());
              return true;
            })
        .recover(
            cause ->
                cause instanceof BackendRefusedException refused
                    ? Future.succeededFuture(refused.error().code() != PARSE_ERROR)
                    : Future.failedFuture(cause));
  }

  private Bytes rest() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = index; i < statements.size(); i++) {
      if (i > index) {
        out.write(';');
      }
      byte[] bytes = statements.get(i).view();
      out.write(bytes, 0, bytes.length);
    }
    return Bytes.owning(out.toByteArray());
  }
}
