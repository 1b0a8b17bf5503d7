package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Runs a statement as it is, once. If others were faster, lately or now, it takes the ids of its
 * rows from the order before it is run, so that those of others are not in its way any more. Lives
 * on its session's context.
 */
final class CapturedRows implements CapturedWriting.Form {
  private final Session session;
  private final Statement statement;
  private final Optional<LocalFile> file;
  private Optional<RowIds> ids = Optional.empty();
  private int tries;
  private int rows;

  CapturedRows(Session session, Statement statement, Optional<LocalFile> file) {
    this.session = session;
    this.file = file;
    this.statement = statement;
  }

  @Override
  public Future<Buffer> command(Backend backend) {
    tries++;
    return found()
        .compose(found -> taken(backend))
        .map(taken -> Backend.textCommand(RowIds.sql(ids, statement)));
  }

  private Future<Void> found() {
    return tries > 1
        ? Future.succeededFuture()
        : RowIds.of(session, statement)
            .map(
                found -> {
                  ids = found;
                  return null;
                });
  }

  private Future<Void> taken(Backend backend) {
    ContendedIds contended = session.parts().contended();
    if (tries > 1) {
      ids.ifPresent(one -> contended.are(one.block().table()));
    }
    String savepoint = session.transaction().journal().part();
    return ids.filter(one -> contended.contended(one.block().table()))
        .map(one -> rows > 0 ? one.block().take(rows) : one.ahead(backend, savepoint, file))
        .orElseGet(Future::succeededFuture);
  }

  /** How many rows there are, also where others then turn out to have been faster. */
  @Override
  public void heard(Reply reply) {
    rows =
        reply.<Integer>fold(
            ok -> RowIds.rows(ok.info()), err -> more(err.error()), results -> rows);
  }

  private int more(MySqlError error) {
    return ids.map(RowIds::block)
        .filter(block -> block.taken() > 0 && Duplicates.isOne(error))
        .map(IdBlock::more)
        .orElse(rows);
  }

  @Override
  public Future<Void> answered(Backend backend, Reply reply) {
    if (reply.failure().isEmpty()) {
      ids.ifPresent(one -> one.block().left(rows));
    }
    return ids.map(one -> one.block().taken())
            .filter(taken -> taken > 0 && taken < rows)
            .isPresent()
        ? Future.failedFuture(new ClientErrorException(MySqlError.deadlock()))
        : Future.succeededFuture();
  }
}
