package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.model.Warning;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.MessageText;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Facts;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs one statement that only its execution understands, as a transaction of its own: at a branch
 * of the session's master, whose rows are then ordered. The client hears its answer when they are
 * applied. If another's write came between, the statement is run again on the rows of now.
 */
final class CapturedWriting {
  /** Times that one statement may be overtaken before its client hears 1213. */
  static final int ATTEMPTS_MAX = 30;

  private static final int DEADLOCK = 1213;
  static final int IN_BRANCH = 1399;
  private static final int WARNINGS_SHOWN = 64;
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int PAUSES_MAX = 10;
  static final MySqlError COMMITS =
      MySqlError.notSupported("a commit or a definition inside a stored program");

  static final MySqlError KEYED =
      MySqlError.notSupported("what is ordered as rows under an idempotency key; leave it out");

  private static final String PIN = "a stored program may have set user variables";

  private final Session session;
  private final SessionTransaction transaction;
  private final Statement statement;
  private final Answer answer;
  private final Form form;
  private final Optional<LocalFile> file;
  private final Duplicates duplicates = new Duplicates();

  /** What is executed for the statement. */
  interface Form extends DrawsIds {
    /** What is to be sent to a connection, once for each try. */
    Future<Buffer> command(Backend backend);

    /** Sends it, and gives its answer. */
    default Future<Reply> send(Backend backend, Buffer command) {
      return backend.connection().command(command, ReplyShape.RESULTS);
    }

    @Override
    default Future<Boolean> settled(Backend backend, BranchAnswer given) {
      return Future.succeededFuture(true);
    }

    /** What the stored programs mention that it runs. */
    default List<Facts> programs() {
      return List.of();
    }

    /** Its answer has come; it may turn out to have been overtaken. */
    default void heard(Reply reply) {}

    /** Whether nothing of it has taken effect yet, so that it can be run again. */
    default boolean canBeRunAgain() {
      return true;
    }

    /** Whether the transaction stays open, for its client to end. */
    default boolean leavesOpen() {
      return false;
    }

    /** What the client hears when another write has been faster too often. */
    default MySqlError overtaken() {
      return MySqlError.deadlock();
    }

    /** It has been answered, and its warnings have been read; a failure undoes it. */
    default Future<Void> answered(Backend backend, Reply reply) {
      return Future.succeededFuture();
    }

    /** The message of an error or warning as the client is to read it. */
    default String told(String message) {
      return message;
    }
  }

  CapturedWriting(Session session, Statement statement, Answer answer) {
    this(session, statement, answer, new CapturedRows(session, statement, Optional.empty()));
  }

  CapturedWriting(Session session, Statement statement, Answer answer, Form form) {
    this(session, statement, answer, form, Optional.empty());
  }

  /** With a file that the client has sent. */
  CapturedWriting(Session session, Statement statement, Answer answer, LocalFile file) {
    this(
        session,
        statement,
        answer,
        new CapturedRows(session, statement, Optional.of(file)),
        Optional.of(file));
  }

  private CapturedWriting(
      Session session, Statement statement, Answer answer, Form form, Optional<LocalFile> file) {
    this.file = file;
    this.form = form;
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
  }

  /** What the execution at the branch answered. */
  private record Executed(Reply reply, List<Warning> warnings) {}

  Future<Void> run() {
    if (transaction.readOnly()) {
      return session.refuse(answer, Writing.READ_ONLY);
    }
    if (session.keyed().isPresent()) {
      return session.refuse(answer, KEYED);
    }
    session.state().read();
    session.state().interrupted(false);
    return session
        .ready()
        .compose(settings -> StateBefore.read(session, statement, form.programs()))
        .compose(before -> attempt(1, before));
  }

  /**
   * The same for a CALL of a session that only reads: where the database lets nothing be written
   * nor committed, and nothing is ordered.
   */
  Future<Void> reading() {
    if (transaction.open()) {
      return session.refuse(
          answer,
          MySqlError.notSupported(
              "CALL in a read-only transaction with a snapshot or without autocommit"));
    }
    session.state().read();
    return session
        .recent()
        .compose(recent -> transaction.begin(true, false))
        .compose(begun -> form.command(session.backend()))
        .compose(sent -> send(session.backend(), sent))
        .compose(CapturedWriting::judged)
        .compose(reply -> warnings(session.backend(), reply))
        .eventually(transaction::rollback)
        .onComplete(done -> leaves(session, statement))
        .compose(this::deliver);
  }

  /** What a stored program may have done to its session, the mode of writing included. */
  static void leaves(Session session, Statement statement) {
    if (!statement.type().isRead() || statement.facts().callsUnknownFunction()) {
      session.state().settingsChanged();
    }
    if (statement.type() instanceof StatementClass.Call) {
      session.state().pin(PIN);
    }
  }

  private Future<Void> attempt(int attempt, StateBefore before) {
    boolean open = form.leavesOpen();
    Future<Void> begin = open ? Future.succeededFuture() : transaction.begin(false, false);
    return begin
        .compose(begun -> session.ready())
        .compose(settings -> execute(settings.schema()))
        .compose(executed -> (open ? begin : new Committing(session).run()).map(executed))
        .transform(
            result -> {
              if (result.succeeded()) {
                return deliver(result.result());
              }
              boolean again =
                  overtaken(result.cause()) && attempt < ATTEMPTS_MAX && form.canBeRunAgain();
              return transaction
                  .rollback()
                  .compose(
                      ended ->
                          again
                              ? later(attempt, before)
                              : Future.failedFuture(told(result.cause())));
            });
  }

  /** An error that tells drivers to repeat a statement means that nothing of it has happened. */
  private Throwable told(Throwable cause) {
    boolean here = session.mastership().current().filter(Backend::open).isPresent();
    if (!overtaken(cause) || !(here || session.state().pins().isEmpty())) {
      return cause;
    }
    return new ClientErrorException(form.overtaken());
  }

  private static boolean overtaken(Throwable cause) {
    return Mastership.isLoss(cause)
        || (cause instanceof ClientErrorException refused && refused.error().code() == DEADLOCK);
  }

  private Future<Void> later(int attempt, StateBefore before) {
    return session
        .parts()
        .ports()
        .timers()
        .pause(PAUSE.multipliedBy(pauses(attempt)))
        .compose(passedBy -> session.ready())
        .compose(
            settings -> {
              before.giveBack(session.backend());
              return attempt(attempt + 1, before);
            });
  }

  /** Longer and longer, but whoever has been overtaken often goes before others. */
  private static int pauses(int attempt) {
    return attempt <= PAUSES_MAX ? attempt : Math.max(1, 2 * PAUSES_MAX - attempt);
  }

  private Future<Executed> execute(String schema) {
    WritePlanner planner = session.parts().planner();
    return (form.leavesOpen() ? planner.position(session) : planner.positionOfMaster(session))
        .compose(
            position -> {
              transaction.plannedAt(position);
              return transaction.enter(BranchUse.LATEST);
            })
        .compose(
            backend -> {
              backend.query("SAVEPOINT `" + transaction.journal().beginPart() + "`");
              return form.command(backend)
                  .compose(sent -> send(backend, sent))
                  .onSuccess(form::heard)
                  .onComplete(done -> leaves(session, statement))
                  .compose(this::uninterrupted)
                  .compose(this::certain)
                  .compose(CapturedWriting::judged)
                  .compose(reply -> behindOthers(backend).map(reply))
                  .compose(
                      reply -> {
                        Step.Statement step =
                            new Step.Statement(
                                schema, List.of(), statement.sql(), Optional.empty());
                        transaction.keep(Journal.Kind.CAPTURED, step, Reach.NONE);
                        return warnings(backend, reply)
                            .compose(told -> form.answered(backend, reply).map(told));
                      });
            });
  }

  private Future<Reply> send(Backend backend, Buffer sent) {
    BackendConnection connection = backend.connection();
    return file.map(local -> connection.load(sent, local.pieces()))
        .orElseGet(() -> form.send(backend, sent));
  }

  /**
   * What it has read is locked, but others' writes that have their place may be yet to be applied:
   * what of them it should have seen ends its branch, and it is run again.
   */
  private Future<Void> behindOthers(Backend backend) {
    return form.canBeRunAgain()
        ? new BehindLocks(session, transaction::holds).allApplied(backend)
        : Future.succeededFuture();
  }

  private static boolean failedWith(Reply reply, int code) {
    return reply.failure().filter(error -> error.code() == code).isPresent();
  }

  /** An applier may have had to interrupt it. */
  private Future<Reply> uninterrupted(Reply reply) {
    return failedWith(reply, Branch.INTERRUPTED) && !session.state().interrupted()
        ? Future.failedFuture(new BackendLostException("it was in an applier's way"))
        : Future.succeededFuture(reply);
  }

  /** Whether an error is the statement's own, its next try tells. */
  private Future<Reply> certain(Reply reply) {
    return duplicates.doubtful(reply.failure()) && form.canBeRunAgain()
        ? Future.failedFuture(new ClientErrorException(MySqlError.deadlock()))
        : Future.succeededFuture(reply);
  }

  /** An error ends the statement, but what a procedure did before it stays. */
  private static Future<Reply> judged(Reply reply) {
    int code = reply.failure().map(MySqlError::code).orElse(0);
    if (code == DEADLOCK) {
      return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
    }
    if (code == IN_BRANCH) {
      return Future.failedFuture(new ClientErrorException(COMMITS));
    }
    if (code == SequenceRun.SEALED) {
      return Future.failedFuture(new ClientErrorException(SequenceRun.ELSEWHERE));
    }
    return Future.succeededFuture(reply);
  }

  private Future<Executed> warnings(Backend backend, Reply reply) {
    boolean program = statement.type() instanceof StatementClass.Call;
    boolean any = announced(reply) > 0 || (program && reply.failure().isPresent());
    return any
        ? shown(backend).map(shown -> new Executed(reply, shown.stream().map(this::told).toList()))
        : Future.succeededFuture(new Executed(reply, List.of()));
  }

  private Warning told(Warning warning) {
    return new Warning(warning.level(), warning.code(), form.told(warning.message()));
  }

  /** The warnings that an answer announces. */
  static Future<List<Warning>> told(Backend backend, Reply reply) {
    return announced(reply) > 0 ? shown(backend) : Future.succeededFuture(List.of());
  }

  private static Future<List<Warning>> shown(Backend backend) {
    return TextRows.query(backend.connection(), "SHOW WARNINGS LIMIT " + WARNINGS_SHOWN)
        .map(
            shown ->
                shown.rows().stream()
                    .map(
                        row ->
                            new Warning(
                                text(row, 0),
                                Integer.parseInt(text(row, 1)),
                                message(row.get(2), backend)))
                    .toList());
  }

  private static String message(Optional<Bytes> text, Backend backend) {
    return text.map(sent -> MessageText.decode(sent, backend.connection().messages())).orElse("");
  }

  static int announced(Reply reply) {
    return reply.<Integer>fold(
        ok -> ok.warnings(),
        err -> 0,
        results ->
            results
                .parts()
                .get(results.parts().size() - 1)
                .<Integer>foldPart(ok -> ok.warnings(), err -> 0, rows -> rows.warnings()));
  }

  private static String text(List<Optional<Bytes>> row, int column) {
    return row.get(column).map(Bytes::utf8).orElse("");
  }

  private Future<Void> deliver(Executed executed) {
    new CapturedAnswer(session, answer, form).deliver(executed.reply(), executed.warnings());
    return Future.succeededFuture();
  }
}
