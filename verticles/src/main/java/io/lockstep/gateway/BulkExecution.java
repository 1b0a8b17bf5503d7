package io.lockstep.gateway;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BulkValue;
import io.lockstep.sql.BulkText;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Literal;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Runs one prepared INSERT, REPLACE, UPDATE or DELETE with many rows of parameters
 * (COM_STMT_BULK_EXECUTE): as one statement where it can be one, else as a transaction of its own,
 * or in the one that is open; so it takes effect wholly or not at all. Lives on the session's
 * context.
 */
final class BulkExecution {
  /** A statement of several rows is at most about so long. */
  static final int TEXT_BYTES_MAX = 16 << 20;

  /** How often the transaction is run again when others were in its way. */
  static final int TRIES_MAX = 5;

  private static final MySqlError NOT_IN_BULK =
      new MySqlError(
          1295, "HY000", "This command is not supported in the prepared statement protocol yet");

  private static final int DEADLOCK = 1213;
  private static final Bytes BEGIN = Bytes.utf8("BEGIN");
  private static final Bytes COMMIT = Bytes.utf8("COMMIT");
  private static final Bytes ROLLBACK = Bytes.utf8("ROLLBACK");
  private static final Bytes SAVEPOINT = Bytes.utf8("SAVEPOINT lockstep_bulk");
  private static final Bytes RELEASE = Bytes.utf8("RELEASE SAVEPOINT lockstep_bulk");
  private static final Bytes ROLLBACK_TO = Bytes.utf8("ROLLBACK TO SAVEPOINT lockstep_bulk");

  private final Session session;
  private final Answer answer;

  BulkExecution(Session session, Answer answer) {
    this.session = session;
    this.answer = answer;
  }

  Future<Void> run(Statement statement, List<List<BulkValue>> rows) {
    Optional<Statement> inner = ScopedSettings.innerWithAll(statement);
    if (inner.isPresent() && statement.type() instanceof StatementClass.ScopedSetting setting) {
      return new ScopedSettings(session, answer).around(setting, () -> run(inner.get(), rows));
    }
    if (!(statement.type() instanceof StatementClass.Dml dml) || rows.isEmpty()) {
      return session.refuse(answer, NOT_IN_BULK);
    }
    boolean inserts = dml.shape().inserts();
    boolean leaves =
        rows.stream().flatMap(List::stream).anyMatch(value -> value instanceof BulkValue.Ignore);
    if (leaves && !inserts) {
      return session.refuse(
          answer, MySqlError.notSupported("columns left alone in a bulk UPDATE; one by one"));
    }
    List<Bytes> texts =
        new BulkText(statement, TEXT_BYTES_MAX)
            .of(rows.stream().map(BulkExecution::literals).toList());
    boolean returns = dml.shape().returning();
    if (texts.size() == 1) {
      return session.run(texts.get(0), returns ? new BinaryAnswer(answer) : answer);
    }
    if (returns) {
      return session.refuse(answer, NOT_IN_BULK);
    }
    return session.transaction().open() ? inside(texts) : alone(texts, 1);
  }

  private static List<Literal> literals(List<BulkValue> row) {
    return row.stream()
        .map(
            value ->
                value.<Literal>fold(
                    given -> ParameterLiteral.of(given.value()),
                    byDefault -> new Literal.Default(),
                    ignored -> new Literal.Default()))
        .toList();
  }

  private Future<Void> alone(List<Bytes> texts, int attempt) {
    BulkAnswer sum = new BulkAnswer();
    return run(BEGIN, sum)
        .compose(begun -> each(texts, sum))
        .compose(done -> run(sum.failure().isEmpty() ? COMMIT : ROLLBACK, sum))
        .compose(
            ended -> {
              boolean again =
                  sum.failure().filter(error -> error.code() == DEADLOCK).isPresent()
                      && attempt < TRIES_MAX;
              return again ? alone(texts, attempt + 1) : answered(sum);
            });
  }

  private Future<Void> inside(List<Bytes> texts) {
    BulkAnswer sum = new BulkAnswer();
    return run(SAVEPOINT, sum)
        .compose(set -> each(texts, sum))
        .compose(done -> run(sum.failure().isEmpty() ? RELEASE : ROLLBACK_TO, new BulkAnswer()))
        .compose(ended -> answered(sum));
  }

  /** Up to the first that fails. */
  private Future<Void> each(List<Bytes> texts, BulkAnswer sum) {
    Iterator<Bytes> rest = texts.iterator();
    return OneByOne.all(
            () -> sum.failure().isEmpty() && rest.hasNext(),
            () -> run(rest.next(), sum).map(done -> true))
        .mapEmpty();
  }

  /** An error that the statement's own way has left to its caller is an answer like the others. */
  private Future<Void> run(Bytes sql, BulkAnswer sum) {
    return session
        .ready()
        .compose(settings -> session.run(Classifier.read(sql, settings.dialect()), sum))
        .recover(
            cause -> {
              if (cause instanceof ClientErrorException refused) {
                sum.error(refused.error());
                return Future.succeededFuture();
              }
              return Future.failedFuture(cause);
            });
  }

  private Future<Void> answered(BulkAnswer sum) {
    Optional<MySqlError> failure = sum.failure();
    if (failure.isPresent()) {
      return session.refuse(answer, failure.get());
    }
    answer.ok(sum.sum(session.state().status()));
    return Future.succeededFuture();
  }
}
