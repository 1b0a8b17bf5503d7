package io.lockstep.gateway;

import io.lockstep.gateway.locks.TableLease;
import io.lockstep.gateway.locks.TableLock;
import io.lockstep.gateway.locks.TableLocks;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableRef;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The table locks that one session has, and its waiting for those of others. Lives on the session's
 * context.
 */
final class SessionTables {
  /** As long as the server's own default, where the session's value cannot be asked for. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private static final MySqlError TIMEOUT =
      new MySqlError(1205, "HY000", "Lock wait timeout exceeded; try restarting transaction");

  private final Session session;
  private final TableLocks all;
  private final TableLease lease;
  private List<TableRules.Held> held = List.of();
  private boolean ordered;
  private Optional<Promise<Void>> waiting = Optional.empty();
  private boolean interrupted;
  private boolean interruptsAll;
  private boolean ended;

  SessionTables(Session session) {
    this.session = session;
    this.all = session.parts().tables();
    this.lease =
        new TableLease(
            session.parts().locks(), session.state().connectionId(), session.state().sessionId());
  }

  /** Whether the session has locked tables. */
  boolean locked() {
    return !held.isEmpty();
  }

  /** Whether it waits for others. */
  boolean waits() {
    return waiting.isPresent();
  }

  TableLease lease() {
    return lease;
  }

  /** Has these locks from now on; {@code inOrder} whether the order knows any of them. */
  void has(List<TableRules.Held> locks, boolean inOrder) {
    held = List.copyOf(locks);
    ordered = inOrder;
  }

  /** Its locks are certainly its own. */
  boolean sure() {
    return !ordered || lease.sure();
  }

  /** Gives back what it has. */
  Future<Void> release() {
    held = List.of();
    ordered = false;
    return lease.giveBack();
  }

  /** What it has dropped or renamed it has no lock of; with the last of them it gives back all. */
  Future<Void> gone(Statement statement, String schema) {
    boolean done = session.state().lastWrite().filter(SessionTables::isDone).isPresent();
    List<TableRules.Held> left = done ? rules(schema).without(statement) : held;
    if (left.size() == held.size()) {
      return Future.succeededFuture();
    }
    held = left;
    return left.isEmpty() ? release() : Future.succeededFuture();
  }

  private static boolean isDone(Outcome outcome) {
    return outcome.<Boolean>fold(done -> true, failed -> false, refused -> false);
  }

  /** The session is over; what it asked for last may still arrive. */
  void end() {
    ended = true;
    interrupt();
    release();
  }

  /** Ends the wait that is under way; whether there was one. */
  boolean interrupt() {
    interrupted = true;
    return waiting.filter(Promise::tryComplete).isPresent();
  }

  /** The same for good: a wait that is about to begin ends as well. */
  void interruptAll() {
    interruptsAll = true;
    interrupt();
  }

  /** Why its own locks do not let it run the statement. */
  Optional<MySqlError> refusal(Statement statement) {
    return locked() ? rules(session.state().schema()).refusal(statement) : Optional.empty();
  }

  private TableRules rules(String schema) {
    return new TableRules(held, schema, table -> session.temporary().has(table, schema));
  }

  /** Whether no lock of anybody can concern the statement, which is known without asking. */
  boolean free(Statement statement) {
    boolean usesTables =
        !statement.facts().tables().isEmpty()
            || statement.type() instanceof StatementClass.Definition
            || statement.type() instanceof StatementClass.Load;
    if (!usesTables || statement.tokens().isAny(0, "SHOW", "DESC", "DESCRIBE")) {
      return true;
    }
    boolean none = none();
    session.state().saw(all.asOf());
    return none || hidden(statement);
  }

  /** Whether nobody has locked anything; who has must look whether its locks are still its own. */
  boolean none() {
    return !ordered && all.none();
  }

  /** Whether temporary tables of the session stand before all that it names. */
  private boolean hidden(Statement statement) {
    String schema = session.state().schema();
    List<TableRef> tables = statement.facts().tables();
    return !tables.isEmpty()
        && tables.stream().allMatch(table -> session.temporary().has(table, schema));
  }

  /**
   * Completes when no lock of others is in the statement's way, or with an error for its client.
   */
  Future<Optional<MySqlError>> passed(Statement statement) {
    if (free(statement)) {
      return Future.succeededFuture(Optional.empty());
    }
    String schema = session.state().schema();
    if (statement.type() instanceof StatementClass.Definition definition) {
      return passed(TableNeeds.of(statement, definition, schema));
    }
    SessionParts parts = session.parts();
    return parts
        .reaches()
        .of(statement, schema, parts.ports().position().get().definitionsSeq())
        .compose(reach -> passed(TableNeeds.of(reach)));
  }

  private Future<Optional<MySqlError>> passed(TableNeeds needs) {
    return passed(needs, this::makeWay);
  }

  /** Whoever has locked the table may have to wait for rows of the transaction. */
  private void makeWay() {
    if (session.transaction().journal().complete()) {
      session.transaction().makeWay();
    }
  }

  /**
   * The same for what is known to need these.
   *
   * @param before called when it has to wait
   */
  Future<Optional<MySqlError>> passed(TableNeeds needs, Runnable before) {
    return others(needs)
        .compose(
            blocking -> {
              session.state().saw(all.asOf());
              if (blocking.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
              }
              // Whoever has locks waits for nobody: two of them might wait for each other.
              return locked()
                  ? Future.succeededFuture(
                      Optional.of(TableRules.notLocked(blocking.get(0).table().table())))
                  : patience(before)
                      .compose(patience -> sure(patience).compose(now -> waited(needs, patience)));
            });
  }

  /** Who does not wait at all must not be told of a lock that has been given back elsewhere. */
  private Future<Void> sure(Duration patience) {
    return patience.isZero()
        ? session.parts().upToDate().<Void>mapEmpty().otherwiseEmpty()
        : Future.succeededFuture();
  }

  /** Completes when others have given back what conflicts, or with an error for the client. */
  Future<Optional<MySqlError>> waited(TableNeeds needs, Duration patience) {
    interrupted = interruptsAll;
    Promise<Optional<MySqlError>> over = Promise.promise();
    look(needs, session.parts().ports().timers().nanos() + patience.toNanos(), over);
    return over.future().onComplete(known -> waiting = Optional.empty());
  }

  /** Once more, and so on: no future stands upon another, however often that is. */
  private void look(TableNeeds needs, long deadline, Promise<Optional<MySqlError>> over) {
    others(needs)
        .onFailure(over::tryFail)
        .onSuccess(
            blocking -> {
              Optional<MySqlError> end = end(deadline);
              if (ended) {
                over.tryFail(new SessionLostException("the client is gone"));
              } else if (blocking.isEmpty() && !interrupted) {
                session.state().saw(all.asOf());
                over.tryComplete(Optional.empty());
              } else if (end.isPresent()) {
                over.tryComplete(end);
              } else {
                Promise<Void> nudge = Promise.promise();
                waiting = Optional.of(nudge);
                all.later().onComplete(passed -> nudge.tryComplete());
                nudge.future().onComplete(again -> look(needs, deadline, over));
              }
            });
  }

  private Optional<MySqlError> end(long deadline) {
    if (interrupted) {
      return Optional.of(Killing.INTERRUPTED);
    }
    return session.parts().ports().timers().nanos() >= deadline
        ? Optional.of(TIMEOUT)
        : Optional.empty();
  }

  private Future<List<TableLock>> others(TableNeeds needs) {
    return all.now()
        .compose(
            locks -> {
              boolean own = locks.stream().anyMatch(lock -> lock.lease().equals(lease.name()));
              if (ordered && !own) {
                return Future.failedFuture(
                    new SessionLostException("its table locks are no longer its own"));
              }
              return Future.succeededFuture(
                  locks.stream()
                      .filter(lock -> !lock.lease().equals(lease.name()))
                      .filter(needs::conflictsWith)
                      .toList());
            });
  }

  /** On a connection that is free, when what is open on it has made way. */
  private Future<Duration> patience(Runnable before) {
    before.run();
    return patience();
  }

  /** lock_wait_timeout of the session. */
  Future<Duration> patience() {
    Supplier<Future<Duration>> asked =
        () ->
            TextRows.query(session.backend().connection(), "SELECT @@lock_wait_timeout")
                .map(rows -> rows.single().map(Bytes::latin1).orElse(""))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    return session.ready().compose(settings -> asked.get()).otherwise(PATIENCE);
  }
}
