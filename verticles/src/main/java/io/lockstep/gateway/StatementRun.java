package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.LikedTable;
import io.lockstep.sql.QueryTable;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs one statement the way its class demands. */
final class StatementRun implements StatementClass.Cases<Future<Void>> {
  private final Session session;
  private final Statement statement;
  private final Answer answer;

  StatementRun(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  @Override
  public Future<Void> read(StatementClass.Read read) {
    return new Reading(session, statement, answer).run(read).onSuccess(done -> ended());
  }

  /** A statement outside of a transaction was one by itself, if it used tables. */
  private void ended() {
    if (!session.transaction().open() && !statement.facts().tables().isEmpty()) {
      session.access().used();
    }
  }

  /** Only the gateway knows the connection's id and what the statement before did. */
  private Optional<Future<Void>> written() {
    return new Substitution(session, statement)
        .called()
        .map(
            text ->
                text.compose(
                    sql -> {
                      Statement known = Classifier.readOne(sql, statement.dialect());
                      return known.type().fold(new StatementRun(session, known, answer));
                    }));
  }

  @Override
  public Future<Void> dml(StatementClass.Dml dml) {
    return written().orElseGet(() -> write(dml));
  }

  private Future<Void> write(StatementClass.Dml dml) {
    return session.temporary().touches(statement, session.state().schema())
        ? session.temporary().write(session, statement, dml, answer)
        : session.transaction().open()
            ? new TransactionWriting(session, statement, answer).run()
            : behindLocks();
  }

  private Future<Void> behindLocks() {
    LockWait wait = new LockWait(session, statement);
    Future<Optional<MySqlError>> passed =
        wait.mayBeNeeded() && !session.tables().locked()
            ? wait.passed()
            : Future.succeededFuture(Optional.empty());
    return passed.compose(
        lockedOut ->
            lockedOut
                .map(error -> session.refuse(answer, error))
                .orElseGet(() -> new Writing(session, statement, answer).run()));
  }

  @Override
  public Future<Void> definition(StatementClass.Definition definition) {
    return committed(() -> define(definition));
  }

  /** The server looks at what the session may do when it has committed what was open. */
  private Future<Void> committed(Supplier<Future<Void>> change) {
    return new Committing(session)
        .run()
        .compose(
            ended -> {
              session.access().used();
              return session.transaction().readOnly()
                  ? session.refuse(answer, Writing.READ_ONLY)
                  : change.get();
            });
  }

  private Future<Void> define(StatementClass.Definition definition) {
    Optional<QueryTable> query = QueryTable.of(statement);
    if (query.isPresent()) {
      return new TableFromQuery(session, statement, query.get(), answer).run();
    }
    if (session.temporary().touchedByDefinition(statement, session.state().schema())) {
      return session.temporary().define(session, statement, answer);
    }
    return like()
        .compose(
            written ->
                new DroppedSchema(session, answer)
                    .run(written, definition, told -> new Writing(session, written, told).run()))
        .compose(written -> session.tables().gone(statement, session.state().schema()))
        .compose(
            written ->
                definition.verb().endsWith(" SEQUENCE") ? knownHere() : Future.succeededFuture());
  }

  private Future<Statement> like() {
    return LikedTable.of(statement)
        .map(table -> new TableLike(session, statement, table).written())
        .orElseGet(() -> Future.succeededFuture(statement));
  }

  /** The session's gateway looks at its own node for what a sequence is. */
  private Future<Void> knownHere() {
    return session.parts().planner().position(session).mapEmpty();
  }

  @Override
  public Future<Void> accountChange(StatementClass.AccountChange change) {
    return committed(() -> new Writing(session, statement, answer).run());
  }

  @Override
  public Future<Void> sessionSetting(StatementClass.SessionSetting setting) {
    return written().orElseGet(() -> new SettingChange(session, statement, answer).run(setting));
  }

  @Override
  public Future<Void> scopedSetting(StatementClass.ScopedSetting setting) {
    return new ScopedSettings(session, answer).run(setting);
  }

  @Override
  public Future<Void> useSchema(StatementClass.UseSchema use) {
    return new SettingChange(session, statement, answer).use(use.schema());
  }

  @Override
  public Future<Void> transactionControl(StatementClass.TransactionControl control) {
    return new TransactionControl(session, statement, answer).run(control);
  }

  @Override
  public Future<Void> textPrepare(StatementClass.TextPrepare prepare) {
    return session.texts().prepare(statement, prepare, answer);
  }

  @Override
  public Future<Void> textExecute(StatementClass.TextExecute execute) {
    return session.texts().execute(statement, execute, answer);
  }

  @Override
  public Future<Void> textDeallocate(StatementClass.TextDeallocate deallocate) {
    return session.texts().deallocate(deallocate, answer);
  }

  @Override
  public Future<Void> locking(StatementClass.Locking locking) {
    session.access().used();
    return new LockTables(session, answer).run(locking);
  }

  @Override
  public Future<Void> temporaryTable(StatementClass.TemporaryTable table) {
    return session.transaction().readOnly()
        ? session.refuse(answer, Writing.READ_ONLY)
        : session.temporary().change(session, statement, table, answer);
  }

  /** Each node looks after its own files: statistics, rebuilt tables and caches are no content. */
  @Override
  public Future<Void> maintenance(StatementClass.Maintenance maintenance) {
    return new Committing(session)
        .run()
        .compose(ended -> session.ready())
        .compose(ready -> new Reading(session, statement, answer).unprotected(statement.sql()));
  }

  @Override
  public Future<Void> kill(StatementClass.Kill kill) {
    Bytes target =
        Bytes.ofLatin1(
            statement.sql().latin1().substring(kill.target().start(), kill.target().end()).strip());
    return new Killing(session).kill(target.latin1(), kill.queryOnly(), answer);
  }

  @Override
  public Future<Void> call(StatementClass.Call call) {
    if (session.transaction().readOnly() && session.transaction().readsInBranch()) {
      return new Relay(session, statement.facts(), answer)
          .run(Backend.textCommand(statement.sql()), ReplyShape.RESULTS)
          .onComplete(done -> CapturedWriting.leaves(session, statement));
    }
    return new CallRun(session, statement, answer, new CallRun.Text(statement)).run();
  }

  @Override
  public Future<Void> load(StatementClass.Load load) {
    return new FileLoading(session, statement, answer).run(load);
  }

  @Override
  public Future<Void> refused(StatementClass.Refused refused) {
    MySqlError own =
        refused.code() == 1235
            ? MySqlError.notSupported(refused.reason())
            : new MySqlError(refused.code(), refused.sqlState(), refused.reason());
    return statement.unparsed() ? judged(own) : session.refuse(answer, own);
  }

  /**
   * What is not understood here may be no SQL at all: then the server's own error is the answer.
   */
  private Future<Void> judged(MySqlError own) {
    return new Preparing(session)
        .of(statement.sql())
        .transform(
            prepared -> {
              if (prepared.succeeded()) {
                session.backend().connection().closeStatement(prepared.result().statementId());
                if (statement.type().equals(StatementClass.Refused.SEVERAL)) {
                  return session.run(
                      Classifier.readOne(statement.sql(), statement.dialect()), answer);
                }
              } else if (prepared.cause() instanceof BackendRefusedException refused
                  && refused.error().code() != PrivilegeGate.NOT_PREPARABLE) {
                return session.refuse(answer, refused.error());
              } else if (Mastership.isLoss(prepared.cause())) {
                return Future.failedFuture(prepared.cause());
              }
              return session.refuse(answer, own);
            });
  }

  /** The server accepts a comment alone, but not nothing at all. */
  @Override
  public Future<Void> empty(StatementClass.Empty empty) {
    boolean comment = !statement.sql().latin1().replace(";", "").isBlank();
    if (comment) {
      session.state().read();
      return session.ok(answer, 0);
    }
    return session.refuse(answer, new MySqlError(1065, "42000", "Query was empty"));
  }
}
