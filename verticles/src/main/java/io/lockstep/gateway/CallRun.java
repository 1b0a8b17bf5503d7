package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Position;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.ProcedureMade;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.CalledProcedure;
import io.lockstep.sql.CommittingProcedures;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.ProgramTransactions;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs a CALL. A procedure that begins or ends transactions itself cannot do so in a branch: in its
 * place another one is called, which its master's node keeps for that, with savepoints instead.
 * Everything that it has committed is ordered together when the call ends. Lives on its session's
 * context.
 */
final class CallRun {
  static final Duration MADE_WITHIN = Duration.ofSeconds(10);

  static final MySqlError LEFT_OPEN =
      MySqlError.notSupported(
          "a stored procedure that leaves a transaction open; end it in the procedure, or begin it"
              + " outside");

  private static final MySqlError INSIDE =
      MySqlError.notSupported(
          "a stored procedure that begins or ends transactions inside an open one; COMMIT before");

  private static final MySqlError OWN =
      MySqlError.notSupported("calls of procedures that a node has made for itself");

  private static final int DOES_NOT_EXIST = 1305;
  private static final int TOO_MANY_ARGUMENTS = 1318;
  private static final String SAVEPOINT = "`" + ProgramTransactions.SAVEPOINT + "`";

  /** How a call gets to a connection. */
  interface Sending {
    /** The command for the client's own text. */
    Future<Buffer> asItIs(Backend backend);

    /** The same for a text that calls another procedure. */
    Future<Buffer> instead(Backend backend, Bytes sql);

    /** It has been answered. */
    default void answered(Backend backend) {}
  }

  /** A call that is text. */
  record Text(Statement call) implements Sending {
    @Override
    public Future<Buffer> asItIs(Backend backend) {
      return Future.succeededFuture(Backend.textCommand(call.sql()));
    }

    @Override
    public Future<Buffer> instead(Backend backend, Bytes sql) {
      return Future.succeededFuture(Backend.textCommand(sql));
    }
  }

  private final Session session;
  private final SessionTransaction transaction;
  private final Statement statement;
  private final Answer answer;
  private final Sending sending;
  private Set<TableName> temporary = Set.of();
  private HiddenDefinitions hidden = new HiddenDefinitions(false);

  CallRun(Session session, Statement statement, Answer answer, Sending sending) {
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
    this.sending = sending;
  }

  Future<Void> run() {
    if (transaction.readOnly()) {
      return asItIs();
    }
    return session
        .ready()
        .compose(this::found)
        .compose(
            found -> {
              found.map(Found::procedures).ifPresentOrElse(this::looked, this::compound);
              return found
                  .filter(one -> !one.procedures().isEmpty())
                  .map(one -> one.procedures().commit() ? committing(one) : other(one))
                  .orElseGet(this::asItIs);
            });
  }

  private void looked(CommittingProcedures procedures) {
    temporary = procedures.temporary(session.temporary().names());
    hidden = new HiddenDefinitions(procedures.mayHide());
  }

  /** What a compound statement calls, and what handles errors there, is not looked for. */
  private void compound() {
    hidden = new HiddenDefinitions(!statement.tokens().is(0, "ANALYZE"));
  }

  /** Fails where the procedure tried what its branch refused. */
  private Future<Void> nothingHidden() {
    return hidden
        .tried()
        .compose(
            tried ->
                tried
                    ? Future.failedFuture(new ClientErrorException(CapturedWriting.COMMITS))
                    : Future.succeededFuture());
  }

  private Future<Void> asItIs() {
    if (transaction.journals()) {
      return new TransactionWriting(session, statement, answer)
          .captured(sending::asItIs, hidden)
          .onSuccess(done -> transaction.journal().changesTemporary(temporary));
    }
    CapturedWriting alone = new CapturedWriting(session, statement, answer, new AsItIs());
    return transaction.readOnly() ? alone.reading() : alone.run();
  }

  /** Runs what the client calls. */
  private final class AsItIs implements CapturedWriting.Form {
    @Override
    public Future<Buffer> command(Backend backend) {
      return hidden.before(backend).compose(looked -> sending.asItIs(backend));
    }

    @Override
    public Future<Void> answered(Backend backend, Reply reply) {
      transaction.journal().changesTemporary(temporary);
      return nothingHidden();
    }
  }

  /** A call, and what stands for what it calls. */
  private record Found(
      CalledProcedure called, CommittingProcedures procedures, Position at, Account caller) {}

  private Future<Optional<Found>> found(SettingsSnapshot settings) {
    Optional<CalledProcedure> called = CalledProcedure.of(statement, settings.schema());
    boolean own = settings.account().user().equals(session.parts().ports().own().user());
    if (!own && called.filter(one -> OwnProcedures.isOneNamed(one.name().table())).isPresent()) {
      return Future.failedFuture(new ClientErrorException(OWN));
    }
    SessionParts parts = session.parts();
    return called
        .map(
            one ->
                parts
                    .planner()
                    .position(session)
                    .compose(
                        now ->
                            CommittingProcedures.behind(
                                    one.name(), parts.catalogue(), now.definitionsSeq())
                                .map(
                                    procedures ->
                                        Optional.of(
                                            new Found(one, procedures, now, settings.account())))))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Void> committing(Found found) {
    if (transaction.begunByClient() || transaction.journal().writes()) {
      return session.refuse(answer, INSIDE);
    }
    // Without autocommit what has only been read ends here, as one server's procedure would end it.
    return new Committing(session)
        .run()
        .compose(ended -> session.ready())
        .compose(settings -> allowed(found, () -> alone(found)));
  }

  /** Calls the other procedure where it does not matter whether a transaction is open. */
  private Future<Void> other(Found found) {
    return allowed(
        found,
        () ->
            transaction.journals()
                ? new TransactionWriting(session, statement, answer)
                    .captured(new Instead(found)::command, hidden)
                    .onSuccess(done -> transaction.journal().changesTemporary(temporary))
                : alone(found));
  }

  private Future<Void> alone(Found found) {
    return new CapturedWriting(session, statement, answer, new Instead(found)).run();
  }

  private Future<Void> allowed(Found found, Supplier<Future<Void>> run) {
    return mayCall(found)
        .compose(denied -> denied.map(error -> session.refuse(answer, error)).orElseGet(run));
  }

  /** The server looks at the privilege first, and then at the number of arguments. */
  private Future<Optional<MySqlError>> mayCall(Found found) {
    String probe =
        "CALL "
            + found.called().name().quoted()
            + "("
            + found.procedures().members().get(0).tooManyArguments()
            + ")";
    byte[] text = probe.getBytes(statement.dialect().charset().java());
    return session
        .backend()
        .query(Bytes.owning(text))
        .map(reply -> reply.failure().filter(error -> error.code() != TOO_MANY_ARGUMENTS));
  }

  /** Runs the other procedure. */
  private final class Instead implements CapturedWriting.Form {
    private final Found found;
    private String name = "";

    Instead(Found found) {
      this.found = found;
    }

    @Override
    public Future<Buffer> command(Backend backend) {
      return hidden.before(backend).compose(looked -> made(backend));
    }

    private Future<Buffer> made(Backend backend) {
      return session
          .parts()
          .ports()
          .bus()
          .ask(Addresses.PROCEDURE, backend.node(), question(), MADE_WITHIN)
          .recover(
              lost ->
                  Future.failedFuture(new BackendLostException(String.valueOf(lost.getMessage()))))
          .compose(
              answered ->
                  answered.fold(
                      this::made,
                      refused -> Future.failedFuture(new ClientErrorException(refused.error()))))
          .compose(
              sql -> {
                if (found.procedures().commit() && !session.state().autocommit()) {
                  backend.query("SAVEPOINT " + SAVEPOINT);
                }
                return sending.instead(backend, sql);
              });
    }

    private ProcedureAsked question() {
      return new ProcedureAsked(
          found.called().name(),
          found.at().definitionsSeq(),
          session.state().autocommit(),
          found.caller());
    }

    private Future<Bytes> made(ProcedureMade.Made made) {
      name = made.name();
      return Future.succeededFuture(found.called().of(name));
    }

    /** After an error nothing stays open, so that what was committed before can be ordered. */
    @Override
    public Future<Void> answered(Backend backend, Reply reply) {
      sending.answered(backend);
      transaction.journal().changesTemporary(temporary);
      if (reply.failure().filter(this::isGone).isPresent()) {
        return Future.failedFuture(new BackendLostException("it was dropped before it was called"));
      }
      if (reply.failure().isPresent()) {
        return backend.query("ROLLBACK TO SAVEPOINT " + SAVEPOINT).mapEmpty();
      }
      return nothingHidden().compose(nothing -> ended(backend));
    }

    private Future<Void> ended(Backend backend) {
      if (!session.state().autocommit()) {
        transaction.journal().endsCommitted();
        return Future.succeededFuture();
      }
      return backend
          .query("RELEASE SAVEPOINT " + SAVEPOINT)
          .compose(
              released ->
                  released.failure().isPresent()
                      ? Future.succeededFuture()
                      : Future.failedFuture(new ClientErrorException(LEFT_OPEN)));
    }

    private boolean isGone(MySqlError error) {
      return error.code() == DOES_NOT_EXIST && error.message().contains(name);
    }

    @Override
    public String told(String message) {
      return name.isEmpty() ? message : message.replace(name, found.called().name().table());
    }
  }
}
