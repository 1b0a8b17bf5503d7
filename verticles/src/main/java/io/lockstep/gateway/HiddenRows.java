package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.Statement;
import io.lockstep.sql.SystemSchemas;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SHOW DATABASES without the schema in which each database keeps Lockstep's own state, and SHOW
 * PROCEDURE STATUS without the procedures that a node made for itself: they belong to one node, so
 * no dump may hold them and no script may drop them.
 */
final class HiddenRows {
  private final Session session;
  private final Statement statement;
  private final Answer answer;

  HiddenRows(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  static boolean concerns(Statement statement) {
    return listsSchemas(statement) || listsProcedures(statement);
  }

  private static boolean listsSchemas(Statement statement) {
    return statement.tokens().is(0, "SHOW") && statement.tokens().isAny(1, "DATABASES", "SCHEMAS");
  }

  private static boolean listsProcedures(Statement statement) {
    Tokens tokens = statement.tokens();
    return tokens.is(0, "SHOW") && tokens.is(1, "PROCEDURE") && tokens.is(2, "STATUS");
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
    return session.backend().query(statement.sql()).map(this::withoutOurs);
  }

  private Reply withoutOurs(Reply reply) {
    return reply.fold(
        ok -> reply,
        err -> reply,
        results ->
            new Reply.Results(
                results.parts().stream()
                    .map(part -> part.<Reply.Part>foldPart(ok -> ok, err -> err, this::withoutOurs))
                    .toList()));
  }

  private Reply.Rows withoutOurs(Reply.Rows rows) {
    List<Bytes> packets = new ArrayList<>(rows.packets());
    List<List<Optional<Bytes>>> names = TextRows.of(rows).rows();
    // The column count, the definitions and an EOF stand before the rows.
    int first = rows.columns() + 2;
    for (int i = names.size() - 1; i >= 0; i--) {
      if (isOurs(names.get(i))) {
        packets.remove(first + i);
      }
    }
    return new Reply.Rows(packets, rows.columns(), rows.status(), rows.warnings());
  }

  /** Schemas are named in the first column, procedures in the second. */
  private boolean isOurs(List<Optional<Bytes>> row) {
    return listsSchemas(statement)
        ? row.get(0).filter(name -> SystemSchemas.isOwn(name.utf8())).isPresent()
        : row.size() > 1
            && row.get(1).filter(name -> OwnProcedures.isOneNamed(name.utf8())).isPresent();
  }
}
