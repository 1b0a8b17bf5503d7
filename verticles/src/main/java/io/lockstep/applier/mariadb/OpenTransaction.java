package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyTooLargeException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The writes of one database transaction, executed in one of two ways with the same outcomes.
 *
 * <p><b>Fast:</b> everything is sent at once and the answers are read as they come. That cannot
 * fetch warnings (the next statement overwrites them) nor look at the answer to a change of the
 * default schema before the statement that relies on it. So when an answer has warnings, or is not
 * what it should be, everything since the transaction's begin is undone and executed again:
 * <b>careful</b>, one statement after the other. Invariant I6 makes both ways equal.
 */
final class OpenTransaction {
  /** Result sets of one write that are kept, in bytes; more is refused, the same on every node. */
  static final int RESULT_BYTES_MAX = 8 << 20;

  /** After an answer that needed care, as many calls are careful from the start. */
  private static final int CAREFUL_FOR = 16;

  private final Link link;
  private final PinnedContext context;
  private final StepsExecution steps;
  private final List<Execution> since = new ArrayList<>();
  private final Set<Seq> tooLarge = new HashSet<>();
  private boolean begun;
  private int carefulFor;

  OpenTransaction(Link link, PinnedContext context) {
    this.link = link;
    this.context = context;
    this.steps = new StepsExecution(link, context);
  }

  private BackendConnection connection() {
    return link.connection();
  }

  /** Begins the transaction, unless it has begun, by claiming the position, which must be so. */
  Future<Void> begin(Seq expected) {
    if (begun) {
      return Future.succeededFuture();
    }
    begun = true;
    link.connection().query(Bytes.utf8(neutral(OwnTables.OUTWEIGH)));
    return link.rows(neutral(OwnTables.CLAIM_POSITION))
        .compose(rows -> expectPosition(rows, expected));
  }

  private static Future<Void> expectPosition(List<Link.Row> rows, Seq expected) {
    boolean holds = rows.size() == 1 && rows.get(0).number(0) == expected.value();
    return holds
        ? Future.succeededFuture()
        : Future.failedFuture(
            new EnvironmentException("the database is not at seq " + expected + " as it must be"));
  }

  /** A query of Lockstep's own, whatever the last write's settings were. */
  static String neutral(String query) {
    return "SET STATEMENT sql_mode='',sql_select_limit=18446744073709551615 FOR " + query;
  }

  /** Nothing of it remains; what was learnt about its writes holds when they come again. */
  void rolledBack() {
    begun = false;
    since.clear();
  }

  void committed() {
    rolledBack();
    tooLarge.clear();
  }

  Future<List<Outcome>> execute(Seq expected, List<Execution> executions) {
    Future<Void> beginning = begin(expected);
    List<Execution> before = List.copyOf(since);
    since.addAll(executions);
    if (carefulFor > 0) {
      carefulFor--;
      return beginning.compose(claimed -> carefully(executions));
    }
    return fast(executions)
        .compose(replies -> beginning.map(claimed -> replies))
        .compose(
            replies ->
                replies.isPresent()
                    ? Future.succeededFuture(outcomes(executions, replies.get()))
                    : again(expected, before, executions));
  }

  /** Runs transactions' steps behind what was executed before. */
  Future<List<Outcome>> executeSteps(Seq expected, List<Execution> executions) {
    Future<Void> beginning = begin(expected);
    since.addAll(executions);
    return beginning.compose(claimed -> steps.run(executions));
  }

  /** Everything once more, of which the outcomes of this call's writes are wanted. */
  private Future<List<Outcome>> again(Seq expected, List<Execution> before, List<Execution> now) {
    carefulFor = CAREFUL_FOR;
    List<Execution> all = new ArrayList<>(before);
    all.addAll(now);
    return link.run("ROLLBACK")
        .compose(
            rolledBack -> {
              begun = false;
              return begin(expected);
            })
        .compose(claimed -> carefully(all))
        .map(outcomes -> outcomes.subList(before.size(), outcomes.size()));
  }

  private static List<Outcome> outcomes(List<Execution> executions, List<Reply> replies) {
    List<Outcome> outcomes = new ArrayList<>(executions.size());
    for (int i = 0; i < executions.size(); i++) {
      outcomes.add(OutcomeReading.outcome(executions.get(i).write(), replies.get(i), List.of()));
    }
    return outcomes;
  }

  /** Empty when care is needed. The answers to all that was sent have come in any case. */
  private Future<Optional<List<Reply>>> fast(List<Execution> executions) {
    List<Future<Reply>> settings = new ArrayList<>();
    List<Future<Reply>> statements = new ArrayList<>();
    for (Execution execution : executions) {
      Write write = execution.write();
      Step.Statement statement = write.statement();
      context.changeSchema(statement).ifPresent(schema -> settings.add(use(schema)));
      context.assign(statement).ifPresent(set -> settings.add(connection().query(Bytes.utf8(set))));
      statements.add(link.write(OwnSettings.text(statement, execution.insertId())));
    }
    return allOf(settings)
        .compose(
            assigned ->
                allOf(statements).compose(answered -> judge(assigned, answered, executions)));
  }

  private Future<Reply> use(String schema) {
    return connection().useSchema(Bytes.utf8(schema));
  }

  private Future<Optional<List<Reply>>> judge(
      List<Optional<Reply>> assigned, List<Optional<Reply>> answered, List<Execution> executions) {
    boolean clean = true;
    List<Reply> replies = new ArrayList<>(answered.size());
    for (int i = 0; i < answered.size(); i++) {
      if (answered.get(i).isEmpty()) {
        tooLarge.add(executions.get(i).seq());
        clean = false;
        continue;
      }
      Reply reply = answered.get(i).get();
      Optional<MySqlError> environment =
          reply.failure().filter(EnvironmentException::isEnvironment);
      if (environment.isPresent()) {
        return Future.failedFuture(EnvironmentException.of(environment.get()));
      }
      clean &= OutcomeReading.warnings(reply) == 0;
      replies.add(reply);
    }
    boolean allAssigned =
        assigned.stream().allMatch(reply -> reply.isPresent() && reply.get().failure().isEmpty());
    if (!allAssigned) {
      context.unknown();
    }
    return Future.succeededFuture(clean && allAssigned ? Optional.of(replies) : Optional.empty());
  }

  /** Waits for every answer; an answer that is too large is empty, any other failure is one. */
  private static Future<List<Optional<Reply>>> allOf(List<Future<Reply>> futures) {
    List<Future<Optional<Reply>>> answers =
        futures.stream()
            .map(future -> future.map(Optional::of).recover(OpenTransaction::emptyIfTooLarge))
            .toList();
    return answers.isEmpty()
        ? Future.succeededFuture(List.of())
        : Future.join(answers).map(done -> answers.stream().map(Future::result).toList());
  }

  private static Future<Optional<Reply>> emptyIfTooLarge(Throwable failure) {
    return failure instanceof ReplyTooLargeException
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(failure);
  }

  /** One after the other, each with its warnings. */
  Future<List<Outcome>> carefully(List<Execution> executions) {
    Future<List<Outcome>> all = Future.succeededFuture(new ArrayList<>());
    for (Execution execution : executions) {
      all =
          all.compose(
              outcomes ->
                  carefully(execution)
                      .map(
                          outcome -> {
                            outcomes.add(outcome);
                            return outcomes;
                          }));
    }
    return all;
  }

  private Future<Outcome> carefully(Execution execution) {
    if (tooLarge.contains(execution.seq())) {
      return Future.succeededFuture(
          OutcomeReading.failed(
              MySqlError.notSupported(
                  "a write outside of a transaction that returns more than "
                      + RESULT_BYTES_MAX
                      + " bytes or about "
                      + Outcome.Done.PACKETS_MAX
                      + " rows")));
    }
    if (execution.write().kind() == WriteKind.TRANSACTION) {
      return steps.run(List.of(execution)).map(one -> one.get(0));
    }
    return prepare(execution.write().statement())
        .compose(
            refused ->
                refused.isPresent()
                    ? Future.succeededFuture(OutcomeReading.failed(refused.get()))
                    : run(execution));
  }

  /** Makes the session what the write needs; an error of that is the write's error. */
  Future<Optional<MySqlError>> prepare(Step.Statement write) {
    Future<Optional<MySqlError>> used =
        context
            .changeSchema(write)
            .map(schema -> use(schema).map(Reply::failure))
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    return used.compose(
        failure -> {
          if (failure.isPresent()) {
            context.unknown();
            return judged(failure);
          }
          return context
              .assign(write)
              .map(set -> connection().query(Bytes.utf8(set)).map(Reply::failure))
              .orElseGet(() -> Future.succeededFuture(Optional.empty()))
              .compose(this::judgedSetting);
        });
  }

  private Future<Optional<MySqlError>> judgedSetting(Optional<MySqlError> failure) {
    failure.ifPresent(refused -> context.unknown());
    return judged(failure);
  }

  private static Future<Optional<MySqlError>> judged(Optional<MySqlError> failure) {
    return failure.filter(EnvironmentException::isEnvironment).isPresent()
        ? Future.failedFuture(EnvironmentException.of(failure.get()))
        : Future.succeededFuture(failure);
  }

  private Future<Outcome> run(Execution execution) {
    Write write = execution.write();
    return link.write(OwnSettings.text(write.statement(), execution.insertId()))
        .compose(
            reply -> {
              Optional<MySqlError> environment =
                  reply.failure().filter(EnvironmentException::isEnvironment);
              return environment.isPresent()
                  ? Future.<Outcome>failedFuture(EnvironmentException.of(environment.get()))
                  : warnings(reply).map(all -> OutcomeReading.outcome(write, reply, all));
            })
        .onFailure(
            failure -> {
              if (failure instanceof ReplyTooLargeException) {
                tooLarge.add(execution.seq());
              }
            });
  }

  /** Asks for the warnings of the last statement, if its answer announced any or is an error. */
  Future<List<Warning>> warnings(Reply reply) {
    return OutcomeReading.warnings(reply) == 0 && reply.failure().isEmpty()
        ? Future.succeededFuture(List.of())
        : link.rows("SHOW WARNINGS LIMIT " + Warning.WARNINGS_MAX).map(OutcomeReading::warnings);
  }
}
