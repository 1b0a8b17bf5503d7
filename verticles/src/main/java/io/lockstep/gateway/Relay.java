package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.sql.Facts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Relays one command to the master's database and its answer back. What has sent nothing to the
 * client when its master is lost is repeated at another.
 */
final class Relay {
  /** Masters that one command may lose before its client is told. */
  static final int ATTEMPTS_MAX = 4;

  private final Session session;
  private final Facts facts;
  private final Answer answer;
  private Optional<Supplier<Future<Void>>> writes = Optional.empty();

  /** {@code facts} are those of the statement that the command runs. */
  Relay(Session session, Facts facts, Answer answer) {
    this.session = session;
    this.facts = facts;
    this.answer = answer;
  }

  /**
   * The same, with what to do instead when the database finds that the statement writes and nothing
   * of it has reached the client.
   */
  Relay orElse(Supplier<Future<Void>> otherwise) {
    writes = Optional.of(otherwise);
    return this;
  }

  /** Relays any command whose answer changes nothing here but the status flags. */
  Future<Void> run(Buffer command, ReplyShape shape) {
    return run(backend -> command, shape, 1);
  }

  /** The same with a command that depends on the connection, such as a statement id. */
  Future<Void> run(Function<Backend, Buffer> command, ReplyShape shape) {
    return run(command, shape, 1);
  }

  private Future<Void> run(Function<Backend, Buffer> command, ReplyShape shape, int attempt) {
    long from = session.parts().ports().timers().nanos();
    session.state().read();
    tellInsertId();
    Backend backend = session.backend();
    Optional<RelaySink> stream = answer.stream();
    Future<Void> relayed =
        stream.isPresent()
            ? backend
                .connection()
                .relay(command.apply(backend), shape, stream.get())
                .compose(this::ended)
            : backend.connection().command(command.apply(backend), shape).compose(this::collected);
    return relayed
        .onSuccess(done -> session.parts().metrics().read(from))
        .recover(
            cause -> {
              boolean repeat =
                  Mastership.isLoss(cause) && !answer.begun() && attempt < ATTEMPTS_MAX;
              return repeat
                  ? session.ready().compose(settings -> run(command, shape, attempt + 1))
                  : Future.failedFuture(cause);
            });
  }

  private Future<Void> ended(ReplySummary summary) {
    Optional<MySqlError> error = summary.error();
    if (error.filter(Relay::isStopped).isPresent() && !answer.begun()) {
      return stopped(error.get());
    }
    if (error.isEmpty() && summary.start() != ReplySummary.Start.BARE) {
      flags(summary.status());
    }
    return answer.streamed(summary);
  }

  private Future<Void> collected(Reply reply) {
    Optional<MySqlError> stopped = reply.failure().filter(Relay::isStopped);
    if (stopped.isPresent()) {
      return stopped(stopped.get());
    }
    flags(status(reply, session.state().status()));
    answer.reply(reply);
    return Future.succeededFuture();
  }

  /** What the client has begun goes on, also where its branch has yet to be. */
  private void flags(int told) {
    SessionState state = session.state();
    state.status(session.transaction().begunByClient() ? state.beside(told) : told);
  }

  private static boolean isStopped(MySqlError error) {
    return error.code() == Backend.WRITE_REFUSED || error.code() == CapturedWriting.IN_BRANCH;
  }

  private Future<Void> stopped(MySqlError error) {
    return error.code() == CapturedWriting.IN_BRANCH
        ? session.refuse(answer, CapturedWriting.COMMITS)
        : writeInRead();
  }

  /** The database stopped a write that was hidden in a read (invariant I5). */
  private Future<Void> writeInRead() {
    if (!session.state().inTransaction()) {
      session.backend().rollback();
    }
    if (writes.isPresent() && !session.state().inTransaction()) {
      return writes.get().get();
    }
    return session.refuse(
        answer,
        session.transaction().readOnly()
            ? Writing.READ_ONLY
            : MySqlError.notSupported(
                "writes inside a function or a locking read; use a statement of its own"));
  }

  /** The flags of a reply that was collected, or those from before if it has none. */
  static int status(Reply reply, int before) {
    return reply.<Integer>fold(
        ok -> ok.status(),
        err -> before,
        results ->
            results
                .parts()
                .get(results.parts().size() - 1)
                .<Integer>foldPart(ok -> ok.status(), err -> before, rows -> rows.status()));
  }

  /** The database hears of an id that a write drew before a statement that may ask for it. */
  private void tellInsertId() {
    if (facts.callsUnknownFunction() || InsertIds.askedBy(facts)) {
      session.tellInsertId();
    }
  }
}
