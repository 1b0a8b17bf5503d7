package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Runs a statement in a session that nobody reads the answers of: only its error matters. On the
 * session's context.
 */
final class QuietStatement {
  private QuietStatement() {}

  /** Fails with {@link ClientErrorException} for the error that a client would have been told. */
  static Future<Void> run(Session session, String sql) {
    RowAnswer answer = new RowAnswer(new Unread());
    return session
        .run(Bytes.utf8(sql), answer)
        .compose(done -> answer.taken())
        .compose(
            taken ->
                answer
                    .failure()
                    .<Future<Void>>map(
                        error -> Future.failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  private static final class Unread implements RowSink {
    @Override
    public void columns(List<Column> columns) {}

    @Override
    public Future<Void> row(List<Optional<Bytes>> values) {
      return Future.succeededFuture();
    }
  }
}
