package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Statement;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SHOW DATABASES without the schema in which each database keeps Lockstep's own state: it belongs
 * to one node, so no dump may hold it and no script may drop it.
 */
final class ShowSchemas {
  /** Column count, one definition, EOF: what stands before the rows. */
  private static final int FIRST_ROW = 3;

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  ShowSchemas(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  static boolean concerns(Statement statement) {
    return statement.tokens().is(0, "SHOW") && statement.tokens().isAny(1, "DATABASES", "SCHEMAS");
  }

  Future<Void> run() {
    session.state().read();
    return asked()
        .recover(
            cause ->
                Mastership.isLoss(cause)
                    ? session.ready().compose(settings -> asked())
                    : Future.failedFuture(cause))
        .map(
            reply -> {
              answer.reply(reply);
              return null;
            });
  }

  private Future<Reply> asked() {
    return session.backend().query(statement.sql()).map(ShowSchemas::withoutOurs);
  }

  private static Reply withoutOurs(Reply reply) {
    return reply.fold(
        ok -> reply,
        err -> reply,
        results ->
            new Reply.Results(
                results.parts().stream()
                    .map(
                        part ->
                            part.<Reply.Part>foldPart(
                                ok -> ok, err -> err, ShowSchemas::withoutOurs))
                    .toList()));
  }

  private static Reply.Rows withoutOurs(Reply.Rows rows) {
    List<Bytes> packets = new ArrayList<>(rows.packets());
    List<List<Optional<Bytes>>> names = TextRows.of(rows).rows();
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).get(0).filter(name -> SystemSchemas.isOwn(name.utf8())).isPresent()) {
        packets.remove(FIRST_ROW + i);
      }
    }
    return new Reply.Rows(packets, rows.columns(), rows.status(), rows.warnings());
  }
}
