package io.lockstep.gateway;

import io.lockstep.model.Applied;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Commits a session's open transaction: orders what it did as one write, and waits until that is
 * applied at the session's master. Its branch keeps its locks until the write has its place, so
 * that others wait for what will be; then they would be in the way of the write. Without anything
 * to order it only ends.
 */
final class Committing {
  private final Session session;
  private Set<String> schemas = Set.of();
  private Optional<TemporaryContents> temporary = Optional.empty();

  /** What was read for rows is compared with nothing: it holds as long as its branch does. */
  private boolean underLocks;

  Committing(Session session) {
    this.session = session;
  }

  /**
   * Succeeds when the transaction has taken effect. Fails with 1213 when another's write came
   * between; nothing has happened then, and no transaction is open.
   */
  Future<Void> run() {
    SessionTransaction transaction = session.transaction();
    underLocks = transaction.journal().captured();
    return underLocks
        ? keepTemporary()
            .compose(kept -> session.ready())
            .compose(settings -> capturedRows())
            .compose(this::order)
            .compose(done -> restoreTemporary())
        : keepTemporary().compose(kept -> order(steps())).compose(done -> restoreTemporary());
  }

  /**
   * What was read under locks is compared where these are gone: others may have had them meanwhile.
   */
  private List<Step> steps() {
    SessionTransaction transaction = session.transaction();
    Journal journal = transaction.journal();
    boolean locked = session.mastership().current().filter(transaction::holds).isPresent();
    return locked || !journal.writes()
        ? journal.toOrder()
        : journal.again(false, transaction.level()).stream()
            .filter(entry -> entry.compared() || entry.kind() == Journal.Kind.READ)
            .<Step>map(Journal.Entry::step)
            .toList();
  }

  /**
   * Orders what a procedure has changed in a branch that it has ended itself.
   *
   * @param from in nanoseconds of the timers, before that branch can have been prepared
   */
  Future<Void> part(long from) {
    return session.transaction().partToOrder(from).compose(this::order);
  }

  /**
   * What is to be ordered when rows must be read back for it. The branch keeps its locks, and its
   * connection takes nothing else, until it makes way; nothing is left of it after a failure.
   */
  private Future<List<Step>> capturedRows() {
    SessionTransaction transaction = session.transaction();
    Optional<Backend> backend = session.mastership().current();
    return transaction
        .branch()
        .filter(open -> backend.filter(open::isAt).isPresent())
        .map(open -> new Capturing(session, open).run().compose(transaction.journal()::rows))
        .orElseGet(transaction::lost)
        .onSuccess(rows -> session.state().unpin(SessionTransaction.PIN_READS))
        .recover(failure -> transaction.rollback().compose(gone -> Future.failedFuture(failure)));
  }

  /** What was done to temporary tables, and cannot be repeated, goes with the branch. */
  private Future<Void> keepTemporary() {
    SessionTransaction transaction = session.transaction();
    Set<TableName> names = transaction.journal().temporary().carried();
    boolean gone = session.mastership().current().filter(transaction::holds).isEmpty();
    if (names.isEmpty() || (gone && underLocks)) {
      return Future.succeededFuture();
    }
    return session
        .ready()
        .map(settings -> settings.dialect().charset().java())
        .compose(
            charset ->
                transaction.inside(
                    BranchUse.LATEST, here -> TemporaryContents.read(here, charset, names)))
        .onFailure(cause -> session.transaction().rollback())
        .map(
            contents -> {
              temporary = Optional.of(contents);
              return null;
            });
  }

  private Future<Void> restoreTemporary() {
    Optional<Backend> here = session.mastership().current().filter(Backend::open);
    Optional<TemporaryContents> kept = temporary.filter(contents -> !contents.isEmpty());
    if (kept.isEmpty() || here.isEmpty()) {
      return Future.succeededFuture();
    }
    session.temporary().left(session, kept.get().tables());
    return kept.get().restore().compose(done -> closed(here.get()));
  }

  /** Without autocommit the rows of temporary tables have begun a transaction of the server's. */
  private Future<Void> closed(Backend backend) {
    return session.state().autocommit()
        ? Future.succeededFuture()
        : backend.query("COMMIT").mapEmpty();
  }

  private Future<Void> order(List<Step> steps) {
    SessionTransaction transaction = session.transaction();
    List<Step.Statement> local = transaction.journal().local();
    boolean tooMuch =
        steps.size() > Write.STEPS_MAX
            || steps.stream().mapToLong(Step::bytes).sum() > Journal.BYTES_MAX;
    if (tooMuch || (!steps.isEmpty() && transaction.journal().overflowed())) {
      return transaction
          .rollback()
          .compose(
              ended -> Future.failedFuture(new ClientErrorException(TransactionWriting.tooMuch())));
    }
    if (steps.isEmpty()) {
      return new IdReservation(session)
          .giveBack()
          .compose(given -> transaction.endUnordered())
          .compose(ended -> repeat(local));
    }
    schemas = transaction.journal().schemas();
    return new IdReservation(session)
        .giveBack()
        .compose(given -> session.ready())
        .compose(settings -> basis(steps))
        .compose(basis -> submit(steps, basis, 1))
        .eventually(transaction::rollback)
        .compose(this::judged)
        .compose(committed -> repeat(local));
  }

  /**
   * A place that is refused costs what is under locks those. So definitions that have their place
   * are waited for and looked at, as long as nothing before this needs the locks.
   */
  private Future<Seq> basis(List<Step> steps) {
    SessionTransaction transaction = session.transaction();
    Seq planned = transaction.basis(session.parts().ports().position().get());
    if (!underLocks) {
      return Future.succeededFuture(planned);
    }
    WritePlanner planner = session.parts().planner();
    return new BehindLocks(session, transaction::holds)
        .allApplied(session.backend())
        .recover(lost -> Future.failedFuture(new ClientErrorException(MySqlError.deadlock())))
        .compose(all -> planner.position(session))
        .compose(
            now -> planner.stillHold(session, steps, now).map(hold -> hold ? now.seq() : planned));
  }

  private Future<Applied> submit(List<Step> steps, Seq basis, int attempt) {
    SessionParts parts = session.parts();
    long from = parts.ports().timers().nanos();
    return unlocked()
        .compose(
            free -> session.order(WriteKind.TRANSACTION, steps, () -> basis, schemas, this::placed))
        .compose(
            applied -> {
              parts.metrics().written(from);
              session.state().saw(applied.seq());
              return isStale(applied) && !underLocks && attempt < Writing.PLANS_MAX
                  ? again(steps, attempt, applied)
                  : Future.succeededFuture(applied);
            });
  }

  /** Who waits for its locks is told not to take them before its write is applied. */
  private void placed() {
    SessionTransaction transaction = session.transaction();
    if (transaction.journal().isContended()) {
      session
          .parts()
          .handedOver()
          .letGo(session.mastership().node(), transaction.journal().guessed().rows());
    }
    transaction.makeWay();
  }

  /**
   * Every table lock that was taken before the basis is known by now. While it waits, the branch
   * would be in the way of who has locked.
   */
  private Future<Void> unlocked() {
    SessionTables tables = session.tables();
    if (tables.none()) {
      return Future.succeededFuture();
    }
    return tables
        .passed(session.transaction().journal().needs(), session.transaction()::makeWay)
        .compose(
            error ->
                error
                    .<Future<Void>>map(told -> Future.failedFuture(new ClientErrorException(told)))
                    .orElseGet(Future::succeededFuture));
  }

  private static boolean isStale(Applied applied) {
    return applied
        .outcome()
        .fold(
            done -> false,
            failed -> false,
            refused -> refused.reason() == Outcome.Refused.Reason.STALE);
  }

  /** Some definition has changed meanwhile, most often none that matters here. */
  private Future<Applied> again(List<Step> steps, int attempt, Applied stale) {
    SessionParts parts = session.parts();
    parts.metrics().stale();
    return parts
        .ports()
        .timers()
        .pause(Writing.PAUSE)
        .compose(passed -> parts.planner().position(session))
        .compose(
            now ->
                parts
                    .planner()
                    .stillHold(session, steps, now)
                    .compose(
                        hold ->
                            hold
                                ? submit(steps, now.seq(), attempt + 1)
                                : Future.succeededFuture(stale)));
  }

  /** Rows of temporary tables went with the branch. */
  private Future<Void> repeat(List<Step.Statement> local) {
    Optional<Backend> backend = session.mastership().current().filter(Backend::open);
    Future<Void> done = Future.succeededFuture();
    for (Step.Statement step : backend.isPresent() ? local : List.<Step.Statement>of()) {
      OptionalLong id = step.seen().map(Step.Seen::insertId).orElse(OptionalLong.empty());
      done =
          done.compose(
              before -> backend.get().query(OwnSettings.textForAnyone(step, id)).mapEmpty());
    }
    return done.compose(
        repeated ->
            local.isEmpty() || backend.isEmpty()
                ? Future.succeededFuture()
                : closed(backend.get()));
  }

  private Future<Void> judged(Applied applied) {
    return applied
        .outcome()
        .fold(
            done -> Future.succeededFuture(),
            failed ->
                Future.failedFuture(
                    new ClientErrorException(
                        new MySqlError(failed.code(), failed.sqlState(), failed.message()))),
            refused -> refused(refused.reason(), applied));
  }

  private Future<Void> refused(Outcome.Refused.Reason reason, Applied applied) {
    session.parts().metrics().refused(MySqlError.deadlock().code());
    return Future.failedFuture(
        switch (reason) {
          case CONFLICT, STALE -> new ClientErrorException(MySqlError.deadlock());
          case EXPIRED, KEY_REUSED ->
              new OutcomeUnknownException(
                  applied.id(), "the write came up too late to know whether it had been applied");
        });
  }
}
