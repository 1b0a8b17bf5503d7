package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Runs an INSERT, UPDATE, DELETE or REPLACE inside the session's open transaction: analysed and
 * pinned as for the order, then executed at the branch in just that form, so that the order can
 * repeat it.
 */
final class TransactionWriting {
  private final Session session;
  private final SessionTransaction transaction;
  private final Statement statement;
  private final Answer answer;

  TransactionWriting(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run() {
    if (transaction.readOnly()) {
      return session.refuse(answer, Writing.READ_ONLY);
    }
    if (!transaction.journal().hasRoomFor(statement.sql().length())) {
      return session.refuse(answer, tooMuch());
    }
    return transaction
        .writes()
        .compose(
            writable ->
                transaction.inside(
                    BranchUse.LATEST,
                    backend -> session.parts().planner().step(session, statement)))
        .map(Optional::of)
        .recover(TransactionWriting::noneForRows)
        .compose(planned -> planned.map(this::execute).orElseGet(this::captured));
  }

  private static Future<Optional<WritePlanner.Planned>> noneForRows(Throwable cause) {
    return cause instanceof RowsNeededException
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(cause);
  }

  private Future<Void> execute(WritePlanner.Planned planned) {
    transaction.plannedAt(planned.at());
    return session
        .parts()
        .reach(session, statement)
        .compose(
            reach ->
                new IdReservation(session)
                    .take(planned.step().ids())
                    .compose(insertId -> execute(planned.step(), reach, insertId)));
  }

  /** Executes the statement as it is; the rows that it changes are ordered. */
  Future<Void> captured() {
    return drawing(Optional.empty()).compose(this::captured);
  }

  private Future<TransactionStatement> drawing(Optional<LocalFile> file) {
    return RowIds.of(session, statement)
        .compose(
            ids ->
                StateBefore.read(session, statement, List.of())
                    .map(before -> drawing(ids, file).finding(before)));
  }

  private TransactionStatement drawing(Optional<RowIds> ids, Optional<LocalFile> file) {
    return new TransactionStatement(
            session,
            answer,
            backend ->
                savepoint(backend)
                    .compose(set -> ahead(ids, backend, file))
                    .map(done -> Backend.textCommand(RowIds.sql(ids, statement))))
        .drawing(ids);
  }

  private Future<Void> ahead(Optional<RowIds> ids, Backend backend, Optional<LocalFile> file) {
    return ids.map(one -> one.ahead(backend, transaction.journal().part(), file))
        .orElseGet(Future::succeededFuture);
  }

  /** The same with a command of the binary protocol. */
  Future<Void> captured(Function<Backend, Future<Buffer>> command) {
    return captured(
        new TransactionStatement(
            session, answer, backend -> savepoint(backend).compose(set -> command.apply(backend))));
  }

  /**
   * The same for a CALL, of which more may have been refused than it says.
   *
   * @param hidden is asked before it by {@code form}
   */
  Future<Void> called(CapturedWriting.Form form, HiddenDefinitions hidden) {
    return StateBefore.read(session, statement, form.programs())
        .compose(
            before ->
                captured(
                    new TransactionStatement(
                            session,
                            answer,
                            backend -> savepoint(backend).compose(set -> form.command(backend)))
                        .looking(hidden)
                        .finding(before)
                        .drawing(Optional.of(form))
                        .telling(form::told)));
  }

  /** The same with a file that the client has sent. */
  Future<Void> loaded(LocalFile file) {
    return drawing(Optional.of(file))
        .map(execution -> execution.loading(file))
        .compose(this::captured);
  }

  private Future<Void> captured(TransactionStatement execution) {
    return transaction
        .writes()
        .compose(writable -> session.parts().reach(session, statement))
        .compose(
            reach ->
                session
                    .ready()
                    .compose(
                        settings ->
                            execution.run(
                                new TransactionStatement.Kept(
                                    Journal.Kind.CAPTURED,
                                    Optional.of(
                                        new Step.Statement(
                                            settings.schema(),
                                            List.of(),
                                            statement.sql(),
                                            Optional.empty())),
                                    reach,
                                    OptionalLong.empty(),
                                    false,
                                    false))))
        .onComplete(done -> CapturedWriting.leaves(session, statement));
  }

  private Future<Reply> savepoint(Backend backend) {
    return backend.query("SAVEPOINT `" + transaction.journal().beginPart() + "`");
  }

  private Future<Void> execute(Step.Statement step, Reach reach, OptionalLong insertId) {
    return new TransactionStatement(
            session, answer, command(OwnSettings.textForAnyone(step, insertId)))
        .orWithoutWaiting(command(OwnSettings.textWithoutWaiting(step, insertId)))
        .run(
            new TransactionStatement.Kept(
                Journal.Kind.WRITE, Optional.of(step), reach, insertId, false, true));
  }

  private Function<Backend, Future<Buffer>> command(Bytes sql) {
    Buffer command = Backend.textCommand(sql);
    return backend ->
        transaction.journal().captured()
            ? savepoint(backend).map(set -> command.copy())
            : Future.succeededFuture(command.copy());
  }

  /** ER_TRANS_CACHE_FULL: the statement is refused, the transaction stays as it is. */
  static MySqlError tooMuch() {
    return new MySqlError(
        1197,
        "HY000",
        "Lockstep keeps transactions of at most "
            + Journal.BYTES_MAX
            + " bytes and "
            + Write.STEPS_MAX
            + " statements; commit more often");
  }
}
