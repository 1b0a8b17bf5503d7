package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.sql.PickingQuery;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TextRange;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;

/** Runs a statement that changes nothing at the master's database. */
final class Reading {
  private static final int COM_QUERY = 3;

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  Reading(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run(StatementClass.Read read) {
    Optional<Future<Void>> known = OwnReads.answer(session, statement, answer);
    if (known.isPresent()) {
      return known.get();
    }
    return StatusAnswer.asksFor(statement)
        ? new StatusAnswer(session, answer).run(statement.sql())
        : atMaster(read);
  }

  /** As it stands, whatever it asks. */
  Future<Void> atMaster(StatementClass.Read read) {
    SessionState state = session.state();
    if (turnsWritingOn()) {
      return session.refuse(
          answer, MySqlError.notSupported("switching read-only mode inside a statement"));
    }
    state.pinBy(statement);
    boolean looksAtMode =
        statement.facts().systemVariables().contains("tx_read_only")
            || statement.facts().systemVariables().contains("transaction_read_only");
    boolean writable = read.explainsWrite() || (looksAtMode && !session.access().usual());
    if (writable && !statement.facts().callsUnknownFunction()) {
      return session
          .parts()
          .callsBehindViews(session, statement.facts())
          .compose(calls -> calls ? relayed() : unprotected(statement.sql()));
    }
    if (session.transaction().journals() && needsTransaction()) {
      boolean compared = read.locking() || session.transaction().journal().touches();
      return compared && PickingQuery.isBy(statement)
          ? new PickingRead(session, statement)
              .instead()
              .compose(one -> new TransactionReading(session, one, answer).run())
          : new TransactionReading(session, statement, answer).run();
    }
    if (lockingClause(statement).isPresent()
        && !session.tables().locked()
        && new LockWait(session, statement).mayBeNeeded()
        && !statement.facts().tables().isEmpty()) {
      return new CapturedWriting(session, statement, answer).run();
    }
    return relayed();
  }

  /** What a function of it, or of a view, writes is known by its rows. */
  private Future<Void> relayed() {
    return new Relay(session, statement.facts(), answer)
        .orElse(() -> new CapturedWriting(session, statement, answer).run())
        .run(
            Backend.command(COM_QUERY, withoutLocks(statement, session.transaction().mindsLocks())),
            ReplyShape.RESULTS)
        .onComplete(
            done -> {
              if (statement.facts().callsUnknownFunction()) {
                session.state().settingsChanged();
              }
            });
  }

  /** In autocommit a lock ends with its statement, and the protected connection would refuse it. */
  static Bytes withoutLocks(Statement statement, boolean mindsLocks) {
    Optional<TextRange> clause = lockingClause(statement);
    if (clause.isEmpty() || mindsLocks) {
      return statement.sql();
    }
    String text = statement.sql().latin1();
    return Bytes.ofLatin1(
        text.substring(0, clause.get().start()) + text.substring(clause.get().end()));
  }

  static Optional<TextRange> lockingClause(Statement statement) {
    return statement.type() instanceof StatementClass.Read read
        ? read.lockingClause().filter(range -> range.end() > range.start())
        : Optional.empty();
  }

  /**
   * Without autocommit, what touches no table begins no transaction. What asks how the statement
   * before ended must not come behind the beginning of a branch.
   */
  private boolean needsTransaction() {
    return !Diagnostics.concerns(statement)
        && (session.state().inTransaction() || statement.facts().looksAtRows());
  }

  private boolean turnsWritingOn() {
    String first = statement.tokens().upper(0);
    if (!first.equals("SET")) {
      return false;
    }
    String text = statement.sql().latin1().toLowerCase(Locale.ROOT);
    return text.contains("read_only");
  }

  /** Runs something that changes no content, with writing allowed around it. */
  Future<Void> unprotected(Bytes sql) {
    session.state().read();
    return session
        .backend()
        .unprotected(sql)
        .map(
            reply -> {
              session.state().status(Relay.status(reply, session.state().status()));
              answer.reply(reply);
              return null;
            });
  }
}
