package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Position;
import io.lockstep.model.Step;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.ProgramPause;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Orders the definitions of one call while it waits ({@link ProgramPause}): first the rows that the
 * procedure has changed so far, as a definition commits them, then the definition, in a session of
 * its own of the same account; then the procedure hears the outcome and goes on. What has been
 * ordered stays whatever becomes of the call, as in one server, and the call is not run again.
 * Lives on its session's context.
 */
final class CallPauses {
  /** The procedure reads the answer to a definition within this time, or its connection goes. */
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(60);

  /** CHAR_LENGTH of MESSAGE_TEXT (MariaDB Knowledge Base, SIGNAL). */
  private static final int MESSAGE_MAX = 128;

  /** ER_ERROR_DURING_COMMIT: unlike a deadlock's, it tells nobody to repeat the call. */
  static final MySqlError PARTLY =
      new MySqlError(
          1180,
          "HY000",
          "Got error 149 during COMMIT: another write was faster; what the stored procedure did up to"
              + " its last definition stays, the rest is undone");

  /** The same, where nothing of the procedure is left, but the transaction before it has ended. */
  static final MySqlError BEHIND_COMMIT =
      new MySqlError(
          1180,
          "HY000",
          "Got error 149 during COMMIT: another write was faster; the transaction before the CALL is"
              + " committed, what the stored procedure did is undone");

  private static final MySqlError OWN_STATE =
      MySqlError.notSupported(
          "a definition of a stored procedure with a query of its session's variables and ids");

  private static final MySqlError INTERRUPTED =
      new MySqlError(Branch.INTERRUPTED, "70100", "Query execution was interrupted");

  private static final int NOT_SUPPORTED = 1235;
  private static final String NO_ERROR_CLASS = "00";
  private static final String GENERAL = "HY000";

  private final Session session;
  private final Statement statement;
  private Optional<BackendConnection> side = Optional.empty();
  private Optional<Session> definer = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();
  private Optional<MySqlError> shortened = Optional.empty();
  private Future<Void> under = Future.succeededFuture();
  private boolean interrupted;
  private boolean ordered;
  private String base = "";
  private int count;

  /** The rows that its definitions tell of. */
  private long defined;

  /** Before the branch that is open can have been prepared. */
  private long branchBegun;

  CallPauses(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
  }

  /** Whether something may have been ordered, so that the call cannot be run again. */
  boolean any() {
    return ordered;
  }

  /** Before the call: what its procedures expect of their session. */
  Future<Void> ready(Backend backend, Isolation level) {
    close();
    failure = Optional.empty();
    under = Future.succeededFuture();
    interrupted = false;
    ordered = false;
    count = 0;
    defined = 0;
    base = session.transaction().branch().map(Branch::xid).orElseThrow();
    branchBegun = session.parts().ports().timers().nanos();
    return session
        .mastership()
        .another()
        .compose(
            opened -> {
              side = Optional.of(opened);
              return lock(opened, base);
            })
        .compose(
            locked ->
                backend.query(
                    "SET @`"
                        + (ProgramPause.XA + "`='" + base + "',@`")
                        + (ProgramPause.BASE + "`='" + base + "-',@`")
                        + (ProgramPause.COUNT + "`=0,@`")
                        + (ProgramPause.SIDE + "`=" + id(side.orElseThrow()) + ",@`")
                        + (ProgramPause.LEVEL + "`='" + level.ofBranch().sql() + "'")))
        .compose(
            set ->
                set.failure()
                    .<Future<Void>>map(
                        error -> Future.failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  private static long id(BackendConnection connection) {
    return connection.greeting().connectionId();
  }

  private static Future<Void> lock(BackendConnection side, String xid) {
    return side.query(Bytes.utf8("DO GET_LOCK('" + xid + ProgramPause.GO + "',0)")).mapEmpty();
  }

  /** Runs the call; its answer without what was meant for this gateway. */
  Future<Reply> run(Backend backend, Buffer command) {
    return backend
        .connection()
        .command(command, rows -> heard(backend, rows))
        .transform(
            answered -> {
              if (!under.isComplete()) {
                interrupt();
              }
              return under.transform(done -> over(backend, answered));
            });
  }

  private Future<Reply> over(Backend backend, AsyncResult<Reply> answered) {
    if (interrupted) {
      // Its last branch was begun without the gateway.
      goOn(backend, session.parts().ports().position().get());
    }
    return failure
        .<Future<Reply>>map(Future::failedFuture)
        .orElseGet(
            () ->
                answered.succeeded()
                    ? Future.succeededFuture(PauseQuestion.without(answered.result(), defined))
                    : Future.failedFuture(answered.cause()));
  }

  private void heard(Backend backend, Reply.Rows rows) {
    PauseQuestion.of(rows).ifPresent(asked -> pause(backend, asked));
    if (PauseQuestion.refuses(rows)) {
      failure = Optional.of(new ClientErrorException(ProgramPause.ENDING));
    }
  }

  private void pause(Backend backend, PauseQuestion asked) {
    count++;
    if (!under.isComplete()) {
      // It did not wait for the last answer: somebody has interrupted it.
      interrupt();
      return;
    }
    Promise<Void> told = Promise.promise();
    under = told.future();
    answer(asked)
        .recover(this::refusal)
        .compose(
            answer ->
                session
                    .parts()
                    .planner()
                    .position(session)
                    .map(
                        now -> {
                          if (!interrupted) {
                            goOn(backend, now);
                            tell(backend, asked.xid(), base + "-" + count, answer);
                          }
                          return null;
                        }))
        .onFailure(cause -> failed(backend, cause))
        .onComplete(done -> told.complete());
  }

  private Future<String> answer(PauseQuestion asked) {
    Step.Statement part =
        new Step.Statement(asked.schema(), List.of(), statement.sql(), Optional.empty());
    session.transaction().keep(Journal.Kind.CAPTURED, part, Reach.NONE);
    if (failure.isPresent()) {
      return Future.failedFuture(failure.get());
    }
    return new Committing(session)
        .part(branchBegun)
        .onFailure(this::nothingYet)
        .onSuccess(done -> ordered = true)
        .recover(cause -> Future.failedFuture(ordered ? partly(cause) : cause))
        .compose(done -> define(asked))
        .map(done -> ProgramPause.DONE);
  }

  /** Where nothing has been ordered before, the whole call can be run again. */
  private void nothingYet(Throwable cause) {
    if (!ordered) {
      failure = Optional.of(cause);
    }
  }

  private static Throwable partly(Throwable cause) {
    return cause instanceof ClientErrorException refused
            && refused.error().code() == MySqlError.deadlock().code()
        ? new ClientErrorException(PARTLY)
        : cause;
  }

  private void goOn(Backend backend, Position now) {
    branchBegun = session.parts().ports().timers().nanos();
    session.transaction().goesOnIn(Branch.begunThere(backend, base + "-" + count), now);
  }

  private void failed(Backend backend, Throwable cause) {
    failure = failure.or(() -> Optional.of(cause));
    backend.close();
  }

  /** KILL QUERY of the call; what of it is in the order by now cannot be stopped. */
  private void interrupt() {
    interrupted = true;
    failure = failure.or(() -> Optional.of(new ClientErrorException(INTERRUPTED)));
    definer.ifPresent(
        own -> {
          own.tables().interruptAll();
          own.locks().interrupt();
        });
  }

  private Future<Void> define(PauseQuestion asked) {
    if (interrupted) {
      return Future.failedFuture(new ClientErrorException(INTERRUPTED));
    }
    Session own = definer.orElseGet(session::beside);
    definer = Optional.of(own);
    String mode = "x'" + asked.sqlMode() + "'";
    String checks = asked.foreignKeyChecks();
    Future<Void> set =
        QuietStatement.run(own, "SET NAMES utf8mb4")
            .compose(
                done ->
                    QuietStatement.run(
                        own, "SET sql_mode=" + mode + ",foreign_key_checks=" + checks));
    String schema = asked.schema();
    Future<Void> there =
        schema.isEmpty()
            ? set
            : set.compose(
                done -> QuietStatement.run(own, "USE `" + schema.replace("`", "``") + "`"));
    return there
        .compose(done -> own.ready())
        .compose(
            settings ->
                readsItsSession(Classifier.read(Bytes.utf8(asked.sql()), settings.dialect()))
                    ? Future.failedFuture(new ClientErrorException(OWN_STATE))
                    : QuietStatement.run(own, asked.sql()))
        .onSuccess(done -> defined += affected(own))
        .compose(done -> session.parts().strong().awaits(session::master, own.state().mustSee()))
        .onComplete(done -> session.state().saw(own.state().mustSee()))
        .mapEmpty();
  }

  private static long affected(Session own) {
    return own.state()
        .lastWrite()
        .map(outcome -> outcome.<Long>fold(done -> done.affected(), failed -> 0L, refused -> 0L))
        .orElse(0L);
  }

  /** Whether a query in it asks for what only the procedure's own session knows. */
  private static boolean readsItsSession(Statement definition) {
    Tokens tokens = definition.tokens();
    IntPredicate queries = i -> tokens.is(i, "SELECT");
    IntPredicate asks =
        i ->
            tokens.kind(i) == TokenKind.USER_VARIABLE
                || tokens.isAny(i, "CONNECTION_ID", "FOUND_ROWS", "LAST_INSERT_ID", "ROW_COUNT");
    return IntStream.range(0, tokens.count()).anyMatch(queries)
        && IntStream.range(0, tokens.count()).anyMatch(asks);
  }

  /** The error as a statement for the procedure; what is not known to be refused ends the call. */
  private Future<String> refusal(Throwable cause) {
    Optional<MySqlError> known = Failures.error(cause);
    // What no server refuses must not be lost on a handler.
    known
        .filter(error -> error.code() == NOT_SUPPORTED)
        .ifPresent(error -> failure = Optional.of(cause));
    return known
        .map(error -> Future.succeededFuture(signal(error)))
        .orElseGet(() -> Future.failedFuture(cause));
  }

  private String signal(MySqlError error) {
    String message = error.message();
    if (message.length() > MESSAGE_MAX) {
      shortened = Optional.of(error);
      message = message.substring(0, MESSAGE_MAX);
    }
    boolean none = error.sqlState().startsWith(NO_ERROR_CLASS);
    return ProgramPause.signal(
        new MySqlError(error.code(), none ? GENERAL : error.sqlState(), message));
  }

  /** A message as it was before it had to be shortened. */
  String told(String message) {
    return shortened
        .map(MySqlError::message)
        .filter(whole -> !message.isEmpty() && whole.startsWith(message))
        .orElse(message);
  }

  /** Lets the procedure go on; the next of its locks is taken before. */
  private void tell(Backend backend, String xid, String next, String answer) {
    BackendConnection to = side.orElseThrow();
    String hex = HexFormat.of().formatHex(answer.getBytes(StandardCharsets.UTF_8));
    String showing =
        "DO '"
            + (hex + "',RELEASE_LOCK('" + xid + ProgramPause.GO + "'),")
            + ("GET_LOCK('" + xid + ProgramPause.HEARD + "'," + HEARD_WITHIN.toSeconds() + ")");
    lock(to, next)
        .compose(locked -> to.query(Bytes.utf8(showing)))
        .onFailure(
            cause -> {
              if (side.equals(Optional.of(to))) {
                failed(backend, cause);
              }
            });
  }

  /** When the call is over. */
  void close() {
    definer.ifPresent(Session::close);
    side.filter(BackendConnection::open).ifPresent(BackendConnection::quit);
    definer = Optional.empty();
    side = Optional.empty();
  }
}
