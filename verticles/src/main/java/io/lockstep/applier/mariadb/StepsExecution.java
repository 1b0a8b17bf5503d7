package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.mysql.AnswerDigest;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Prepared;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs a client's transaction at its place in the order: every step must come out as the client has
 * seen it, else nothing of it remains. The steps are sent together and judged when their answers
 * are there; a savepoint before them makes that harmless.
 */
final class StepsExecution {
  /** Steps that are under way at one time; what follows a conflict is not sent. */
  private static final int PIECE = 256;

  private static final int COM_QUERY = 3;

  /** COM_STMT_EXECUTE of the statement prepared last, without a cursor, once (MariaDB KB). */
  private static final Buffer EXECUTE_LAST =
      Buffer.buffer().appendByte((byte) 0x17).appendIntLE(-1).appendByte((byte) 0).appendIntLE(1);

  private static final Outcome CONFLICT = new Outcome.Refused(Outcome.Refused.Reason.CONFLICT);

  private final Link link;
  private final PinnedContext context;

  StepsExecution(Link link, PinnedContext context) {
    this.link = link;
    this.context = context;
  }

  Future<Outcome> run(Execution execution) {
    return link.run("SAVEPOINT lockstep")
        .compose(safe -> from(execution.write(), 0))
        .compose(
            holds ->
                link.run(holds ? "RELEASE SAVEPOINT lockstep" : "ROLLBACK TO SAVEPOINT lockstep")
                    .map(ended -> holds ? Outcome.Done.ok() : CONFLICT));
  }

  /** Whether the steps from here on came out as seen. */
  private Future<Boolean> from(Write write, int first) {
    List<Step.Statement> steps = write.statements();
    if (first >= steps.size()) {
      return Future.succeededFuture(true);
    }
    int end = Math.min(steps.size(), first + PIECE);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (Step.Statement step : steps.subList(first, end)) {
      send(write, step, answers);
    }
    return Future.join(answers)
        .compose(
            all ->
                answers.stream().allMatch(Future::result)
                    ? from(write, end)
                    : Future.succeededFuture(false));
  }

  private void send(Write write, Step.Statement step, List<Future<Boolean>> answers) {
    BackendConnection connection = link.connection();
    context
        .changeSchema(step)
        .ifPresent(schema -> answers.add(made(connection.useSchema(Bytes.utf8(schema)))));
    context
        .assign(step)
        .ifPresent(assignment -> answers.add(made(connection.query(Bytes.utf8(assignment)))));
    Bytes sql =
        OwnSettings.text(step, step.seen().map(Step.Seen::insertId).orElse(OptionalLong.empty()));
    boolean binary = step.seen().filter(Step.Seen::binary).isPresent();
    answers.add(binary ? prepared(write, step, sql) : judged(write, step, query(sql)));
  }

  private static Buffer query(Bytes sql) {
    return Buffer.buffer(sql.length() + 1).appendByte((byte) COM_QUERY).appendBytes(sql.view());
  }

  private Future<Boolean> prepared(Write write, Step.Statement step, Bytes sql) {
    BackendConnection connection = link.connection();
    Future<Prepared> prepared = connection.prepare(sql);
    Future<Boolean> judged = judged(write, step, EXECUTE_LAST);
    return Future.join(prepared, judged)
        .transform(
            both -> {
              if (prepared.succeeded()) {
                connection.closeStatement(prepared.result().statementId());
              }
              return judged;
            });
  }

  private Future<Boolean> judged(Write write, Step.Statement step, Buffer command) {
    AnswerDigest digest = new AnswerDigest();
    return link.connection()
        .relay(command, ReplyShape.RESULTS, RelaySink.NOWHERE, Optional.of(digest))
        .compose(summary -> compare(write, step, digest, summary));
  }

  private static Future<Boolean> compare(
      Write write, Step.Statement step, AnswerDigest digest, ReplySummary summary) {
    Optional<MySqlError> environment = summary.error().filter(EnvironmentException::isEnvironment);
    if (environment.isPresent()) {
      return Future.failedFuture(EnvironmentException.of(environment.get()));
    }
    long affected =
        summary
            .ending()
            .ok()
            .map(ok -> OutcomeReading.affected(write.foundRows(), step, ok))
            .orElse(0L);
    long now = digest.of(summary, affected);
    return Future.succeededFuture(step.seen().filter(seen -> seen.digest() != now).isEmpty());
  }

  /** A schema or setting that is gone, on every node alike. */
  private Future<Boolean> made(Future<Reply> assignment) {
    return assignment.compose(
        reply -> {
          Optional<MySqlError> failure = reply.failure();
          if (failure.isEmpty()) {
            return Future.succeededFuture(true);
          }
          context.unknown();
          return EnvironmentException.isEnvironment(failure.get())
              ? Future.failedFuture(EnvironmentException.of(failure.get()))
              : Future.succeededFuture(false);
        });
  }
}
