package io.lockstep.gateway;

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

  StatementBatch(Session session, ClientAnswer answer) {
    this.session = session;
    this.answer = answer;
  }

  Future<Void> run(Bytes sql) {
    return session
        .ready()
        .compose(
            settings ->
                from(StatementSplitter.split(sql, settings.dialect()), 0, settings.dialect()));
  }

  private Future<Void> from(List<Bytes> statements, int index, Dialect dialect) {
    Bytes statement = statements.get(index);
    if (index == statements.size() - 1) {
      return last(statement);
    }
    if (!StatementSplitter.mayHoldSemicolons(statement, dialect)) {
      return oneOfSeveral(statements, index, dialect);
    }
    // Where the body of a stored program ends only the server knows.
    Bytes rest = joined(statements, index);
    return isUnderstood(statement)
        .compose(
            here ->
                here
                    ? oneOfSeveral(statements, index, dialect)
                    : isUnderstood(rest)
                        .compose(
                            whole ->
                                whole ? last(rest) : oneOfSeveral(statements, index, dialect)));
  }

  private Future<Void> last(Bytes statement) {
    answer.next(false);
    return session.run(statement, answer);
  }

  private Future<Void> oneOfSeveral(List<Bytes> statements, int index, Dialect dialect) {
    answer.next(true);
    return session
        .run(statements.get(index), answer)
        .compose(
            done -> answer.failed() ? Future.succeededFuture() : after(statements, index, dialect));
  }

  private Future<Void> after(List<Bytes> statements, int index, Dialect dialect) {
    return session
        .ready()
        .compose(
            settings ->
                settings.dialect().equals(dialect)
                    ? from(statements, index + 1, dialect)
                    : run(joined(statements, index + 1)));
  }

  /** Whether the server reads it as one statement, whatever else it may object to. */
  private Future<Boolean> isUnderstood(Bytes statement) {
    Backend backend = session.backend();
    return backend
        .prepareWrite(statement)
        .map(
            prepared -> {
              backend.connection().closeStatement(prepared.statementId());
              return true;
            })
        .recover(
            cause ->
                cause instanceof BackendRefusedException refused
                    ? Future.succeededFuture(refused.error().code() != PARSE_ERROR)
                    : Future.failedFuture(cause));
  }

  private static Bytes joined(List<Bytes> statements, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = from; i < statements.size(); i++) {
      if (i > from) {
        out.write(';');
      }
      byte[] bytes = statements.get(i).view();
      out.write(bytes, 0, bytes.length);
    }
    return Bytes.owning(out.toByteArray());
  }
}
