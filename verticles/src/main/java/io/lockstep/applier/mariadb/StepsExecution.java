package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.DigestedQuery;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs clients' transactions at their places in the order: every step must come out as the client
 * has seen it, else nothing of its transaction remains. The steps of many are sent together and
 * judged when their answers are there; a savepoint before each transaction makes that harmless:
 * behind a conflict, what was sent is undone with it and sent again.
 */
final class StepsExecution {
  /** Steps that are under way at one time; what follows a conflict is not sent. */
  private static final int PIECE = 256;

  /** No client may use this name. */
  private static final String SAVEPOINT = "`" + Step.SAVEPOINT + "`";

  private static final Outcome CONFLICT = new Outcome.Refused(Outcome.Refused.Reason.CONFLICT);

  private final Link link;
  private final PinnedContext context;
  private final RowsExecution rows;

  StepsExecution(Link link, PinnedContext context) {
    this.link = link;
    this.context = context;
    this.rows = new RowsExecution(link, context);
  }

  /** One outcome each, in order. */
  Future<List<Outcome>> run(List<Execution> executions) {
    List<Outcome> outcomes = new ArrayList<>();
    return OneByOne.all(
            () -> outcomes.size() < executions.size(),
            () -> next(executions.subList(outcomes.size(), executions.size()), outcomes))
        .map(all -> outcomes);
  }

  private Future<Boolean> next(List<Execution> executions, List<Outcome> outcomes) {
    List<Execution> group = new ArrayList<>();
    int steps = 0;
    for (Execution execution : executions) {
      steps += execution.write().steps().size();
      boolean fits = steps <= PIECE && execution.write().hasStatementsOnly();
      if (!fits) {
        break;
      }
      group.add(execution);
    }
    Future<List<Outcome>> some =
        group.isEmpty() ? alone(executions.get(0)).map(List::of) : together(group);
    return some.map(known -> outcomes.addAll(known));
  }

  /** Up to and with the first conflict. */
  private Future<List<Outcome>> together(List<Execution> group) {
    List<Future<Boolean>> verdicts = new ArrayList<>();
    for (Execution execution : group) {
      Future<Reply> safe =
          link.connection().query(Bytes.utf8("SAVEPOINT " + name(verdicts.size())));
      List<Future<Boolean>> answers = new ArrayList<>();
      answers.add(safe.compose(Link::expectSuccess).map(true));
      for (Step.Statement step : execution.write().statements()) {
        send(execution.write(), step, answers);
      }
      verdicts.add(all(answers));
    }
    return Future.join(verdicts)
        .compose(
            judged -> {
              List<Outcome> outcomes = new ArrayList<>();
              for (Future<Boolean> verdict : verdicts) {
                if (!verdict.result()) {
                  String undo = "ROLLBACK TO SAVEPOINT " + name(outcomes.size());
                  outcomes.add(CONFLICT);
                  return link.run(undo).map(undone -> outcomes);
                }
                outcomes.add(Outcome.Done.ok());
              }
              return Future.succeededFuture(outcomes);
            });
  }

  private static String name(int number) {
    return "`" + Step.SAVEPOINT + " " + number + "`";
  }

  private Future<Outcome> alone(Execution execution) {
    return link.run("SAVEPOINT " + SAVEPOINT)
        .compose(safe -> all(execution.write()))
        .compose(
            holds ->
                link.run((holds ? "RELEASE SAVEPOINT " : "ROLLBACK TO SAVEPOINT ") + SAVEPOINT)
                    .map(ended -> holds ? Outcome.Done.ok() : CONFLICT));
  }

  /** Whether all steps came out as seen. */
  private Future<Boolean> all(Write write) {
    ListIterator<Step> steps = write.steps().listIterator();
    return OneByOne.all(steps::hasNext, () -> next(write, steps));
  }

  private Future<Boolean> next(Write write, ListIterator<Step> steps) {
    List<Future<Boolean>> answers = new ArrayList<>();
    int sent = 0;
    while (sent < PIECE && steps.hasNext()) {
      Step step = steps.next();
      if (step instanceof Step.Statement statement) {
        send(write, statement, answers);
        sent++;
      } else if (sent > 0) {
        steps.previous();
        break;
      } else if (step instanceof Step.Rows captured) {
        return rows.run(captured);
      }
    }
    return all(answers);
  }

  private static Future<Boolean> all(List<Future<Boolean>> answers) {
    return Future.join(answers).map(all -> answers.stream().allMatch(Future::result));
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
    answers.add(
        DigestedQuery.run(connection, sql, binary).compose(answer -> compare(write, step, answer)));
  }

  private static Future<Boolean> compare(Write write, Step.Statement step, DigestedQuery answer) {
    ReplySummary summary = answer.summary();
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
    long now = answer.value(affected);
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
