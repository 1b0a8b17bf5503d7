package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Seq;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyTooLargeException;
import io.lockstep.sql.StatementHead;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A statement that commits by itself. Before it runs, its intent is made durable together with a
 * fingerprint of all that it may touch; so after a crash one look tells whether it had happened.
 * The intent must be durable, not only committed: account tables, views and triggers are files that
 * survive when the relaxed log of InnoDB does not.
 */
final class LoneExecution {
  /** An intent whose end was not stored. */
  record Intent(Seq seq, Bytes fingerprint) {}

  /** Tries of about a second each while clients hold the objects. */
  static final int LOCK_TRIES_MAX = 30;

  /** Tries of what may pass by itself; an error that stays is the same on every node. */
  static final int PASS_TRIES_MAX = 20;

  private static final String PAUSE = "DO SLEEP(0.05)";

  /** After as many tries, transactions that hold the objects are ended: the applier wins. */
  static final int GRACE_TRIES = 3;

  private static final Set<String> REPEATABLE = Set.of("DROP", "GRANT", "REVOKE", "TRUNCATE");

  private final Link link;
  private final OpenTransaction session;
  private final Side side;
  private final Obstacles obstacles;
  private final Sequences sequences;

  LoneExecution(Link link, OpenTransaction session, Side side, Obstacles obstacles) {
    this.link = link;
    this.session = session;
    this.side = side;
    this.obstacles = obstacles;
    this.sequences = new Sequences(link, this::makeWay);
  }

  /** Executes what has not happened yet, and only that. */
  Future<Outcome> run(Execution execution, Optional<Intent> unfinished) {
    return sealing(execution, unfinished)
        .recover(
            failure ->
                sequences
                    .unlock(execution.write())
                    .transform(unlocked -> Future.failedFuture(failure)));
  }

  private Future<Outcome> sealing(Execution execution, Optional<Intent> unfinished) {
    Optional<Intent> own = unfinished.filter(intent -> intent.seq().equals(execution.seq()));
    return new Fingerprint(link)
        .of(execution.write())
        .compose(now -> sequences.unseal(execution.write()).map(now))
        .compose(
            now -> {
              if (own.isEmpty()) {
                return side.durably(OwnTables.beginIntent(execution.seq(), now))
                    .compose(intended -> execute(execution));
              }
              return own.get().fingerprint().equals(now) ? execute(execution) : happened(execution);
            });
  }

  /** What has to be stored of the sequences that it was about, which it seals again. */
  Future<List<String>> settleSequences(Write write, Outcome outcome) {
    return sequences.settle(write, outcome).eventually(() -> sequences.unlock(write));
  }

  /** What it answered is lost; that it was done is certain, or made so. */
  private Future<Outcome> happened(Execution execution) {
    return converges(execution.write())
        ? sequences
            .dropHalfMade(execution.write())
            .compose(gone -> execute(execution))
            .map(rest -> Outcome.Done.ok())
        : Future.succeededFuture(Outcome.Done.ok());
  }

  /**
   * Whether it may be about several objects, so that a crash may leave it half done, while its
   * repetition does the rest and no harm.
   */
  static boolean converges(Write write) {
    StatementHead head =
        StatementHead.of(write.statement().sql(), ContextDialect.of(write.statement()));
    return REPEATABLE.stream().anyMatch(head::does)
        || head.begins("SET", "PASSWORD")
        || head.begins("SET", "GLOBAL")
        || head.defines("USER", "ROLE", "SEQUENCE");
  }

  private Future<Outcome> execute(Execution execution) {
    Write write = execution.write();
    if (EventSwitch.isSetBy(write)) {
      return GlobalValues.keep(side, write, Outcome.Done.ok());
    }
    return side.link()
        .compose(link -> new ForNoRows(link).refusal(write))
        .compose(
            refused ->
                refused.isPresent()
                    ? Future.succeededFuture(refused)
                    : session.prepare(write.statement()))
        .compose(
            refused ->
                refused.isPresent()
                    ? Future.succeededFuture(OutcomeReading.failed(refused.get()))
                    : inItsSession(execution));
  }

  private Future<Outcome> execute(Execution execution, int attempt) {
    return answer(execution)
        .compose(reply -> judge(execution, reply, attempt))
        .recover(LoneExecution::doneIfTooLarge);
  }

  private Future<Reply> answer(Execution execution) {
    Write write = execution.write();
    return AsItsClient.concerns(write)
        ? new AsItsClient(link).run(write)
        : link.write(OwnSettings.text(write.statement(), execution.insertId()));
  }

  private Future<Outcome> inItsSession(Execution execution) {
    LoneSettings settings = LoneSettings.of(execution.write().statement());
    boolean asClient = AsItsClient.concerns(execution.write());
    return link.run(settings.before())
        .compose(set -> execute(execution, 1))
        .eventually(
            () -> asClient ? new AsItsClient(link).forget() : Future.<Void>succeededFuture())
        .eventually(() -> link.run(settings.after()));
  }

  /** It is done; only what it shows, such as the lines of ANALYZE, is not kept. */
  private static Future<Outcome> doneIfTooLarge(Throwable failure) {
    return failure instanceof ReplyTooLargeException
        ? Future.succeededFuture(Outcome.Done.ok())
        : Future.failedFuture(failure);
  }

  private Future<Outcome> judge(Execution execution, Reply reply, int attempt) {
    Optional<MySqlError> failure = reply.failure();
    if (failure.filter(EnvironmentException::isLockWait).isPresent() && attempt < LOCK_TRIES_MAX) {
      return makeWay(attempt).compose(cleared -> execute(execution, attempt + 1));
    }
    if (failure.filter(EnvironmentException::mayPass).isPresent() && attempt < PASS_TRIES_MAX) {
      return link.run(PAUSE).compose(passed -> execute(execution, attempt + 1));
    }
    if (failure.filter(EnvironmentException::isEnvironment).isPresent()) {
      return Future.failedFuture(EnvironmentException.of(failure.get()));
    }
    return lines(execution, reply)
        .map(warnings -> OutcomeReading.outcome(execution.write(), reply, warnings))
        .compose(outcome -> EventSwitch.withoutRemark(link, execution.write(), outcome))
        .compose(outcome -> GlobalValues.keep(side, execution.write(), outcome));
  }

  /** A procedure that stands in for the client adds lines of its own to an error. */
  private Future<List<Warning>> lines(Execution execution, Reply reply) {
    return reply.failure().isPresent() && AsItsClient.concerns(execution.write())
        ? Future.succeededFuture(List.of())
        : session.warnings(reply);
  }

  /** Open transactions are asked first; their sessions can run them again. */
  private Future<Void> makeWay(int attempt) {
    long own = link.connection().greeting().connectionId();
    return attempt < GRACE_TRIES
        ? obstacles.askAll(own)
        : side.endTransactionsOlderThan(attempt, List.of(own)).mapEmpty();
  }
}
