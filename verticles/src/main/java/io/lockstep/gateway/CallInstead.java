package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.ProcedureMade;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Facts;
import io.lockstep.sql.ProgramTransactions;
import io.lockstep.sql.StoredProcedure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the procedure that its master's node keeps in the place of the one that is called. Lives on
 * its session's context.
 */
final class CallInstead implements CapturedWriting.Form {
  static final Duration MADE_WITHIN = Duration.ofSeconds(10);

  private static final int DOES_NOT_EXIST = 1305;
  private static final String SAVEPOINT = "`" + ProgramTransactions.SAVEPOINT + "`";

  private final Session session;
  private final CallRun.Sending sending;
  private final HiddenDefinitions hidden;
  private final Set<TableName> temporary;
  private final FoundCall found;
  private final Optional<CallPauses> pauses;
  private String name = "";
  private boolean leavesOpen;
  private boolean behindCommit;

  /**
   * @param temporary the temporary tables that it may change
   * @param pauses orders its definitions, where it has any
   */
  CallInstead(
      Session session,
      CallRun.Sending sending,
      HiddenDefinitions hidden,
      Set<TableName> temporary,
      FoundCall found,
      Optional<CallPauses> pauses) {
    this.session = session;
    this.sending = sending;
    this.hidden = hidden;
    this.temporary = temporary;
    this.found = found;
    this.pauses = pauses;
  }

  /** What it did behind its last definition belongs to a transaction that stays open. */
  CallInstead leavingOpen(boolean open) {
    leavesOpen = open;
    return this;
  }

  /** The client's transaction has been committed for it. */
  CallInstead behindCommit(boolean committed) {
    behindCommit = committed;
    return this;
  }

  @Override
  public boolean leavesOpen() {
    return leavesOpen;
  }

  @Override
  public MySqlError overtaken() {
    MySqlError whole = behindCommit ? CallPauses.BEHIND_COMMIT : MySqlError.deadlock();
    return canBeRunAgain() ? whole : CallPauses.PARTLY;
  }

  @Override
  public Future<Buffer> command(Backend backend) {
    return hidden
        .before(backend)
        .compose(
            looked ->
                pauses
                    .map(one -> session.ready().compose(now -> one.ready(backend, now.isolation())))
                    .orElseGet(Future::succeededFuture))
        .compose(ready -> made(backend));
  }

  @Override
  public Future<Reply> send(Backend backend, Buffer command) {
    return pauses
        .map(one -> one.run(backend, command))
        .orElseGet(() -> CapturedWriting.Form.super.send(backend, command));
  }

  @Override
  public List<Facts> programs() {
    return found.procedures().facts();
  }

  @Override
  public boolean canBeRunAgain() {
    return pauses.filter(CallPauses::any).isEmpty();
  }

  private Future<Buffer> made(Backend backend) {
    return asked(backend, pauses.isPresent())
        .compose(
            answered ->
                answered.fold(
                    this::made,
                    refused -> Future.failedFuture(new ClientErrorException(refused.error()))))
        .compose(
            sql -> {
              if (found.procedures().commit() && !session.state().autocommit() && !leavesOpen) {
                backend.query("SAVEPOINT " + SAVEPOINT);
              }
              return sending.instead(backend, sql);
            });
  }

  /** Fails where its definitions could not be ordered while it waits. */
  Future<Void> possible(Backend backend) {
    return asked(backend, true)
        .compose(
            answered ->
                answered.fold(
                    made -> Future.succeededFuture(),
                    refused -> Future.failedFuture(new ClientErrorException(refused.error()))));
  }

  private Future<ProcedureMade> asked(Backend backend, boolean defines) {
    ProcedureAsked question =
        new ProcedureAsked(
            found.called().name(),
            found.called().itself().map(CallInstead::program),
            found.at().definitionsSeq(),
            session.state().autocommit() || leavesOpen,
            found.caller(),
            defines,
            found.procedures().numbered());
    return session
        .parts()
        .ports()
        .bus()
        .ask(Addresses.PROCEDURE, backend.node(), question, MADE_WITHIN)
        .recover(
            lost ->
                Future.failedFuture(new BackendLostException(String.valueOf(lost.getMessage()))));
  }

  private static ProcedureAsked.Program program(StoredProcedure itself) {
    StoredProcedure.Context context = itself.context();
    return new ProcedureAsked.Program(
        itself.body(), context.sqlMode(), context.charset(), context.collation());
  }

  private Future<Bytes> made(ProcedureMade.Made made) {
    name = made.name();
    return Future.succeededFuture(found.called().of(name));
  }

  /**
   * After an error nothing of a transaction of its own stays open, so that what was committed
   * before can be ordered.
   */
  @Override
  public Future<Void> answered(Backend backend, Reply reply) {
    sending.answered(backend);
    session.transaction().journal().temporary().once(temporary);
    if (reply.failure().filter(this::isGone).isPresent()) {
      return Future.failedFuture(new BackendLostException("it was dropped before it was called"));
    }
    if (reply.failure().isPresent() && leavesOpen) {
      return Future.succeededFuture();
    }
    if (reply.failure().isPresent()) {
      return backend.query("ROLLBACK TO SAVEPOINT " + SAVEPOINT).mapEmpty();
    }
    return hidden.nothing().compose(nothing -> ended(backend));
  }

  private Future<Void> ended(Backend backend) {
    if (leavesOpen) {
      return Future.succeededFuture();
    }
    if (!session.state().autocommit()) {
      session.transaction().journal().endsCommitted();
      return Future.succeededFuture();
    }
    return backend
        .query("RELEASE SAVEPOINT " + SAVEPOINT)
        .compose(
            released ->
                released.failure().isPresent()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new ClientErrorException(CallRun.LEFT_OPEN)));
  }

  private boolean isGone(MySqlError error) {
    return error.code() == DOES_NOT_EXIST && error.message().contains(name);
  }

  @Override
  public String told(String message) {
    String whole = pauses.map(one -> one.told(message)).orElse(message);
    return name.isEmpty() ? whole : found.called().told(whole, name);
  }
}
