package io.lockstep.gateway;

import io.lockstep.model.Applied;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs one write: has it planned, ordered and applied at the session's master, and gives the
 * master's outcome as the answer.
 */
final class Writing {
  /** Analyses of one write that may be overtaken by changes of definitions. */
  static final int PLANS_MAX = 50;

  /** Backends that one analysis may lose: nothing is proposed before it is complete. */
  static final int BACKENDS_MAX = 4;

  static final MySqlError READ_ONLY =
      new MySqlError(1792, "25006", "Cannot execute statement in a READ ONLY transaction");

  static final Duration PAUSE = Duration.ofMillis(20);
  private static final int PAUSES_MAX = 10;

  private final Session session;
  private final Statement statement;
  private final Answer answer;
  private boolean namesIds;

  Writing(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run() {
    if (session.transaction().readOnly()) {
      return session.refuse(answer, READ_ONLY);
    }
    session.access().used();
    return beside();
  }

  /** The same for what leaves an open transaction as it is. */
  Future<Void> beside() {
    return outcome(session.keyed())
        .compose(this::answered)
        .recover(
            cause ->
                cause instanceof RowsNeededException
                    ? new CapturedWriting(session, statement, answer).run()
                    : Future.failedFuture(cause));
  }

  private Future<Applied> outcome(Optional<WriteId> keyed) {
    session.state().read();
    return attempt(keyed, 1);
  }

  private Future<Applied> attempt(Optional<WriteId> keyed, int attempt) {
    SessionParts parts = session.parts();
    long from = parts.ports().timers().nanos();
    WriteId id = keyed.orElseGet(session.state()::nextWriteId);
    return plan(id, 1)
        .compose(
            write -> {
              parts.metrics().planned(from);
              namesIds = write.draw().filter(draw -> draw.drawn() == 0).isPresent();
              return unlocked(write);
            })
        .compose(write -> parts.intake().submit(write, session.mastership()::node))
        .compose(
            applied -> {
              parts.metrics().written(from);
              session.state().saw(applied.seq());
              return isStale(applied.outcome())
                  ? again(keyed, attempt)
                  : Future.succeededFuture(applied);
            });
  }

  /** Every table lock that was taken before the write's basis is known by now. */
  private Future<Write> unlocked(Write write) {
    return session.tables().free(statement)
        ? Future.succeededFuture(write)
        : session
            .tables()
            .passed(statement)
            .compose(
                error ->
                    error
                        .<Future<Write>>map(
                            told -> Future.failedFuture(new ClientErrorException(told)))
                        .orElseGet(() -> Future.succeededFuture(write)));
  }

  /** A backend that is lost while the write is only being analysed costs nothing. */
  private Future<Write> plan(WriteId id, int attempt) {
    return session
        .parts()
        .planner()
        .plan(session, statement, id)
        .recover(
            cause ->
                Mastership.isLoss(cause) && attempt < BACKENDS_MAX
                    ? session.ready().compose(settings -> plan(id, attempt + 1))
                    : Future.failedFuture(cause));
  }

  private Future<Applied> again(Optional<WriteId> keyed, int attempt) {
    session.parts().metrics().stale();
    if (attempt >= PLANS_MAX) {
      // The order refused every one of them, so nothing happened and the client may try again.
      return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
    }
    return session
        .parts()
        .ports()
        .timers()
        .pause(PAUSE.multipliedBy(Math.min(attempt, PAUSES_MAX)))
        .compose(passed -> session.ready())
        .compose(r -> attempt(keyed, attempt + 1));
  }

  private static boolean isStale(Outcome outcome) {
    return outcome.fold(
        done -> false,
        failed -> false,
        refused -> refused.reason() == Outcome.Refused.Reason.STALE);
  }

  private Future<Void> answered(Applied applied) {
    SessionState state = session.state();
    state.wrote(applied.outcome());
    return applied
        .outcome()
        .fold(
            done -> {
              // An id that the statement named itself is told, but not LAST_INSERT_ID().
              if (done.lastInsertId() != 0 && !namesIds) {
                state.drew(done.lastInsertId());
              }
              new WriteAnswer(
                      done, WriteAnswer.Count.of(session.foundRows(), statement), state.status())
                  .to(answer);
              return Future.succeededFuture();
            },
            failed -> {
              answer.error(new MySqlError(failed.code(), failed.sqlState(), failed.message()));
              return Future.succeededFuture();
            },
            refused -> refused(refused.reason(), applied));
  }

  private static Future<Void> refused(Outcome.Refused.Reason reason, Applied applied) {
    return Future.failedFuture(
        switch (reason) {
          case CONFLICT -> new ClientErrorException(MySqlError.deadlock());
          case KEY_REUSED -> new KeyReusedException();
          // Whether an earlier coming was applied is not known any more.
          case EXPIRED, STALE ->
              new OutcomeUnknownException(
                  applied.id(), "the write came up too late to know whether it had been applied");
        });
  }
}
