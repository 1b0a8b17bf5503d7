package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Position;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.Setting;
import io.lockstep.model.TableName;
import io.lockstep.sql.CalledProcedure;
import io.lockstep.sql.CalledProgram;
import io.lockstep.sql.CommittingProcedures;
import io.lockstep.sql.CompoundStatement;
import io.lockstep.sql.Facts;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs a CALL or a compound statement. A procedure that begins or ends transactions itself cannot
 * do so in a branch: in its place another one is called, which its master's node keeps for that,
 * with savepoints instead. Everything that it has committed is ordered together when the call ends.
 * Lives on its session's context.
 */
final class CallRun {
  static final MySqlError LEFT_OPEN =
      MySqlError.notSupported(
          "a stored procedure that leaves a transaction open; end it in the procedure, or begin it"
              + " outside");

  private static final MySqlError INSIDE =
      MySqlError.notSupported(
          "a stored procedure that begins or ends transactions inside an open one; COMMIT before");

  private static final MySqlError OWN =
      MySqlError.notSupported("calls of procedures that a node has made for itself");

  private static final int TOO_MANY_ARGUMENTS = 1318;

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

  /** The client's transaction has been committed for what the call defines. */
  private boolean endedBefore;

  CallRun(Session session, Statement statement, Answer answer, Sending sending) {
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
    this.sending = sending;
  }

  Future<Void> run() {
    if (transaction.readOnly()) {
      return new CapturedWriting(session, statement, answer, asItIs(List.of())).reading();
    }
    return session
        .ready()
        .compose(this::found)
        .compose(
            found -> {
              found.map(FoundCall::procedures).ifPresentOrElse(this::looked, this::unseen);
              return found
                  .filter(one -> one.procedures().defines() && canPause(one) && nothingOpen())
                  .map(this::defining)
                  .orElseGet(() -> undefining(found));
            });
  }

  /** Nothing that a definition would commit. */
  private boolean nothingOpen() {
    return !transaction.begunByClient() && transaction.journal().isEmpty();
  }

  private Future<Void> run(Optional<FoundCall> found) {
    return found
        .filter(one -> !one.procedures().isEmpty())
        .map(one -> one.procedures().commit() ? committing(one) : other(one))
        .orElseGet(() -> asItIs(found));
  }

  /** As if it defined nothing, until that turns out. */
  private Future<Void> undefining(Optional<FoundCall> found) {
    Set<String> assigned =
        found.filter(one -> one.procedures().mayDefine()).isPresent()
            ? statement.facts().userVariablesRead()
            : Set.of();
    return UserVariables.read(session.backend(), assigned)
        .compose(
            before ->
                run(found)
                    .recover(
                        cause ->
                            isError(cause, CapturedWriting.COMMITS)
                                    || isError(cause, TransactionStatement.COMMITS)
                                ? definesAfterAll(cause, before)
                                : Future.failedFuture(cause)));
  }

  /**
   * What is open would be committed by the first definition. It is committed before the call, which
   * has been seen to get there, as nothing can be open while the call waits; but not where it could
   * have been a rollback that it got to. Its node may have been behind its master when it looked
   * for the procedures.
   */
  private Future<Void> definesAfterAll(Throwable refused, List<Setting> variables) {
    return session
        .parts()
        .upToDate()
        .compose(now -> session.ready())
        .compose(this::found)
        .compose(
            found -> {
              found.map(FoundCall::procedures).ifPresent(this::looked);
              return found
                  .filter(one -> one.procedures().mayDefine() && canPause(one))
                  .filter(one -> nothingOpen() || !one.procedures().mayRollBack(statement.sql()))
                  .map(
                      one ->
                          possible(one, refused)
                              .compose(can -> assign(variables))
                              .compose(done -> defining(one)))
                  .orElseGet(() -> Future.failedFuture(refused));
            });
  }

  /** Nothing is committed for a call that cannot wait after all. */
  private Future<Void> possible(FoundCall found, Throwable refused) {
    endedBefore = !nothingOpen();
    return endedBefore
        ? whole(found)
            .compose(
                whole ->
                    instead(whole, Optional.empty())
                        .leavingOpen(leavesOpen(found))
                        .possible(session.backend()))
            .recover(unclear -> Future.failedFuture(refused))
        : Future.succeededFuture();
  }

  /** Without autocommit, unless it says itself what it commits. */
  private boolean leavesOpen(FoundCall found) {
    return !session.state().autocommit() && !found.procedures().commit();
  }

  private Future<Void> assign(List<Setting> variables) {
    return variables.isEmpty()
        ? Future.succeededFuture()
        : session
            .ready()
            .compose(now -> session.backend().query(UserVariables.assignment(variables)))
            .mapEmpty();
  }

  private static boolean isError(Throwable cause, MySqlError error) {
    return cause instanceof ClientErrorException refused && refused.error().equals(error);
  }

  /**
   * Whether the call can wait for definitions of its own: they lose nothing that no place in the
   * order can keep, and they are in the client's own name.
   */
  private boolean canPause(FoundCall found) {
    return temporary.isEmpty()
        && session.temporary().names().isEmpty()
        && !session.tables().locked()
        && session.keyed().isEmpty()
        && found.procedures().actsFor(found.caller());
  }

  private Future<Void> defining(FoundCall found) {
    CallPauses pauses = new CallPauses(session, statement);
    Future<Void> ended =
        transaction.open() ? new Committing(session).run() : Future.succeededFuture();
    return ended
        .compose(done -> whole(found))
        .compose(
            whole ->
                allowed(
                    whole,
                    () ->
                        new CapturedWriting(
                                session,
                                statement,
                                answer,
                                instead(whole, Optional.of(pauses)).leavingOpen(leavesOpen(found)))
                            .run()))
        .onComplete(done -> pauses.close())
        .recover(
            cause ->
                isError(cause, LocalProcedures.UNCLEAR)
                    ? run(Optional.of(found))
                    : Future.failedFuture(cause));
  }

  /** With those that define. */
  private Future<FoundCall> whole(FoundCall found) {
    return CommittingProcedures.behind(
            found.called(), session.parts().catalogue(), found.at().definitionsSeq(), true, false)
        .map(all -> new FoundCall(found.called(), all, found.at(), found.caller()));
  }

  private CallInstead instead(FoundCall found, Optional<CallPauses> pauses) {
    return new CallInstead(session, sending, hidden, temporary, found, pauses)
        .behindCommit(endedBefore);
  }

  private void looked(CommittingProcedures procedures) {
    temporary = procedures.temporary(session.temporary().names());
    hidden = new HiddenDefinitions(procedures.mayHide());
  }

  /** What it calls, and what handles errors there, is not looked for. */
  private void unseen() {
    hidden = new HiddenDefinitions(!statement.tokens().is(0, "ANALYZE"));
  }

  private Future<Void> asItIs(Optional<FoundCall> found) {
    List<Facts> programs = found.map(one -> one.procedures().facts()).orElse(List.of());
    return run(found, asItIs(programs));
  }

  private CapturedWriting.Form asItIs(List<Facts> programs) {
    return new CallAsItIs(transaction, sending, hidden, temporary, programs);
  }

  private Future<Void> run(Optional<FoundCall> found, CapturedWriting.Form usual) {
    return transaction.journals()
        ? new TransactionWriting(session, statement, answer)
            .called(numbered(found, usual), hidden)
            .onSuccess(done -> transaction.journal().temporary().once(temporary))
        : alone(found, usual);
  }

  private Future<Void> alone(Optional<FoundCall> found, CapturedWriting.Form usual) {
    return new CapturedWriting(session, statement, answer, numbered(found, usual)).run();
  }

  private CapturedWriting.Form numbered(Optional<FoundCall> found, CapturedWriting.Form usual) {
    return found
        .map(
            one ->
                new NumberedCall(
                    session,
                    one,
                    usual,
                    other -> instead(other, Optional.empty()),
                    () -> mayCall(one)))
        .filter(call -> call.ids().all(table -> !session.temporary().names().contains(table)))
        .<CapturedWriting.Form>map(call -> call)
        .orElse(usual);
  }

  private Future<Optional<FoundCall>> found(SettingsSnapshot settings) {
    Optional<CalledProcedure> procedure = CalledProcedure.of(statement, settings.schema());
    boolean own = settings.account().user().equals(session.parts().ports().own().user());
    if (!own && procedure.filter(one -> OwnProcedures.isOneNamed(one.name().table())).isPresent()) {
      return Future.failedFuture(new ClientErrorException(OWN));
    }
    SessionParts parts = session.parts();
    return procedure
        .<CalledProgram>map(one -> one)
        .or(() -> compound(settings))
        .map(
            one ->
                position(parts.planner())
                    .compose(
                        now ->
                            CommittingProcedures.behind(
                                    one, parts.catalogue(), now.definitionsSeq(), false, false)
                                .map(
                                    procedures ->
                                        Optional.of(
                                            new FoundCall(
                                                one, procedures, now, settings.account())))))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Position> position(WritePlanner planner) {
    return session.state().inTransaction()
        ? planner.position(session)
        : planner.positionOfMaster(session);
  }

  /** It runs as it is where it has no schema, or is too long, for a procedure in its place. */
  private Optional<CompoundStatement> compound(SettingsSnapshot settings) {
    return statement.sql().length() > ProcedureAsked.BODY_BYTES_MAX
        ? Optional.empty()
        : CompoundStatement.of(
            statement, settings.schema(), settings.account(), settings.ofPrograms());
  }

  private Future<Void> committing(FoundCall found) {
    boolean begun = transaction.begunByClient() || transaction.journal().writes();
    boolean compound = found.called().itself().isPresent();
    if (begun || (compound && !session.state().autocommit())) {
      return asItIs(Optional.empty())
          .recover(
              cause ->
                  !isError(cause, TransactionStatement.COMMITS)
                      ? Future.failedFuture(cause)
                      : begun ? Future.failedFuture(inside(found, cause)) : separately(found));
    }
    return separately(found);
  }

  private static Throwable inside(FoundCall found, Throwable cause) {
    return found.procedures().transactions() ? new ClientErrorException(INSIDE) : cause;
  }

  /**
   * Without autocommit what has only been read ends here, as one server's procedure would end it.
   */
  private Future<Void> separately(FoundCall found) {
    return new Committing(session)
        .run()
        .compose(ended -> session.ready())
        .compose(
            settings ->
                allowed(found, () -> alone(Optional.of(found), instead(found, Optional.empty()))));
  }

  /** Calls the other procedure where it does not matter whether a transaction is open. */
  private Future<Void> other(FoundCall found) {
    return allowed(found, () -> run(Optional.of(found), instead(found, Optional.empty())));
  }

  private Future<Void> allowed(FoundCall found, Supplier<Future<Void>> run) {
    return mayCall(found)
        .compose(denied -> denied.map(error -> session.refuse(answer, error)).orElseGet(run));
  }

  /** The server looks at the privilege first, and then at the number of arguments. */
  private Future<Optional<MySqlError>> mayCall(FoundCall found) {
    if (found.called().itself().isPresent()) {
      return Future.succeededFuture(Optional.empty());
    }
    String probe =
        "CALL "
            + found.called().name().quoted()
            + "("
            + found.procedures().tooManyArguments(found.called().name())
            + ")";
    byte[] text = probe.getBytes(statement.dialect().charset().java());
    return session
        .backend()
        .query(Bytes.owning(text))
        .map(reply -> reply.failure().filter(error -> error.code() != TOO_MANY_ARGUMENTS));
  }
}
