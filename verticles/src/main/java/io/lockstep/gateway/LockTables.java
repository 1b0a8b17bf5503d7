package io.lockstep.gateway;

import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.model.Warning;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.LockWanted;
import io.lockstep.sql.Reach;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs LOCK TABLES, UNLOCK TABLES and FLUSH TABLES … WITH READ LOCK. A lock is replicated state: it
 * is taken by one write for all tables of the statement, and whatever was analysed before that has
 * its place is refused behind it. The client hears of it when every node that serves has applied
 * it, so that no gateway lets a read pass that begins later.
 */
final class LockTables {
  /** Tables of one statement, with those behind its views and triggers. */
  static final int TABLES_MAX = 4_096;

  /** How long a node is waited for that serves but has not come so far. */
  static final Duration KNOWN_WITHIN = Duration.ofSeconds(1);

  private static final int LOCKED = 1205;

  private static final Warning EXCLUDES_NOBODY =
      new Warning(
          "Warning", 1235, "Lockstep does not exclude other sessions' writes by this FLUSH TABLES");

  private final Session session;
  private final SessionParts parts;
  private final SessionTables tables;
  private final Answer answer;

  LockTables(Session session, Answer answer) {
    this.session = session;
    this.parts = session.parts();
    this.tables = session.tables();
    this.answer = answer;
  }

  Future<Void> run(StatementClass.Locking locking) {
    if (locking.unlock()) {
      session.state().read();
      // Without locks it ends no transaction.
      return tables.locked()
          ? new Committing(session)
              .run()
              .eventually(tables::release)
              .compose(free -> session.ok(answer, 0))
          : session.ok(answer, 0);
    }
    Future<Void> ended = new Committing(session).run().eventually(tables::release);
    return ended.compose(
        over ->
            mayNotLock(locking)
                ? session.refuse(answer, Writing.READ_ONLY)
                : locking.tables().isEmpty() ? excludesNobody() : lock(locking));
  }

  private boolean mayNotLock(StatementClass.Locking locking) {
    return session.access().readOnly() && locking.tables().stream().anyMatch(LockWanted::write);
  }

  private Future<Void> excludesNobody() {
    session.state().wrote(new Outcome.Done(0, 0, 1, "", 2, List.of(EXCLUDES_NOBODY), List.of()));
    return session.ok(answer, 1);
  }

  private Future<Void> lock(StatementClass.Locking locking) {
    session.state().read();
    Future<Duration> patience =
        locking.seconds().isPresent()
            ? Future.succeededFuture(Duration.ofSeconds(locking.seconds().getAsInt()))
            : tables.patience();
    return patience
        .compose(given -> locked(locking.tables(), deadline(given)))
        .onFailure(failed -> tables.release())
        .compose(
            error ->
                error
                    .map(told -> tables.release().compose(free -> session.refuse(answer, told)))
                    .orElseGet(() -> session.ok(answer, 0)));
  }

  private long deadline(Duration patience) {
    return parts.ports().timers().nanos() + patience.toNanos();
  }

  /** What one attempt has come to. */
  private enum Attempt {
    /** The locks are the session's, or the client is told why they are not. */
    OVER,
    /** Another session was faster, with these tables or others of their schemas. */
    AGAIN,
    /** Definitions have changed meanwhile. */
    STALE
  }

  private record Attempted(Attempt attempt, Optional<MySqlError> error) {
    static Attempted over(Optional<MySqlError> error) {
      return new Attempted(Attempt.OVER, error);
    }

    static Attempted again(Attempt attempt) {
      return new Attempted(attempt, Optional.empty());
    }
  }

  /** The error for the client, if it does not get them. */
  private Future<Optional<MySqlError>> locked(List<LockWanted> wanted, long deadline) {
    Promise<Optional<MySqlError>> over = Promise.promise();
    next(wanted, deadline, 1, over);
    return over.future();
  }

  /** Once more, and so on: no future stands upon another, however often that is. */
  private void next(
      List<LockWanted> wanted, long deadline, int stale, Promise<Optional<MySqlError>> over) {
    attempt(wanted, deadline)
        .onFailure(over::tryFail)
        .onSuccess(
            done -> {
              switch (done.attempt()) {
                case OVER -> over.tryComplete(done.error());
                case AGAIN -> later(() -> next(wanted, deadline, stale, over));
                case STALE -> {
                  if (stale >= Writing.PLANS_MAX) {
                    over.tryComplete(Optional.of(MySqlError.deadlock()));
                  } else {
                    later(() -> next(wanted, deadline, stale + 1, over));
                  }
                }
              }
            });
  }

  private void later(Runnable next) {
    parts.ports().timers().after(Writing.PAUSE, next);
  }

  private Future<Attempted> attempt(List<LockWanted> wanted, long deadline) {
    return parts
        .planner()
        .position(session)
        .compose(
            at ->
                parts
                    .strong()
                    .awaits(session::master, at.definitionsSeq())
                    .compose(there -> checked(wanted))
                    .compose(
                        error ->
                            error.isPresent()
                                ? Future.succeededFuture(Attempted.over(error))
                                : reach(wanted, at)
                                    .compose(reach -> taken(wanted, reach, at, deadline))));
  }

  /**
   * The client's own account may lock them, and they are there: the database is asked. Whether it
   * could lock them itself does not matter, for it checks what the account may do before.
   */
  private Future<Optional<MySqlError>> checked(List<LockWanted> wanted) {
    String list =
        wanted.stream()
            .map(one -> one.text().latin1() + " READ")
            .collect(Collectors.joining(", ", "LOCK TABLES ", " NOWAIT"));
    return session
        .ready()
        .compose(
            settings -> {
              Backend backend = session.backend();
              Future<Reply> locked = backend.query(Bytes.ofLatin1(list));
              Future<Reply> unlocked = backend.query("UNLOCK TABLES");
              return locked.compose(reply -> unlocked.map(reply.failure()));
            })
        .compose(
            error ->
                error.filter(busy -> busy.code() == LOCKED).isPresent()
                    ? there(wanted)
                    : Future.succeededFuture(error));
  }

  private Future<Optional<MySqlError>> there(List<LockWanted> wanted) {
    Future<Optional<MySqlError>> all = Future.succeededFuture(Optional.empty());
    for (LockWanted one : wanted) {
      Bytes look = Bytes.ofLatin1("SELECT 1 FROM " + one.text().latin1());
      all =
          all.compose(error -> error.isPresent() ? Future.succeededFuture(error) : prepared(look));
    }
    return all;
  }

  private Future<Optional<MySqlError>> prepared(Bytes sql) {
    return session
        .backend()
        .prepareWrite(sql)
        .map(
            done -> {
              session.backend().connection().closeStatement(done.statementId());
              return Optional.<MySqlError>empty();
            })
        .recover(
            cause ->
                cause instanceof BackendRefusedException refused
                    ? Future.succeededFuture(Optional.of(refused.error()))
                    : Future.failedFuture(cause));
  }

  private Future<Reach> reach(List<LockWanted> wanted, Position at) {
    Map<TableName, Boolean> named = new HashMap<>();
    String schema = session.state().schema();
    for (LockWanted one : wanted) {
      one.table()
          .in(schema)
          .filter(table -> !session.temporary().has(one.table(), schema))
          .filter(table -> !SystemSchemas.holds(table))
          .ifPresent(table -> named.merge(table, one.write(), Boolean::logicalOr));
    }
    return parts.reaches().of(named, at.definitionsSeq());
  }

  private Future<Attempted> taken(
      List<LockWanted> wanted, Reach reach, Position at, long deadline) {
    Map<TableName, Boolean> rows = new HashMap<>();
    reach
        .used()
        .forEach(
            table ->
                rows.merge(
                    TableNeeds.lower(table), reach.written().contains(table), Boolean::logicalOr));
    if (rows.isEmpty()) {
      tables.has(held(wanted, reach), false);
      return Future.succeededFuture(Attempted.over(Optional.empty()));
    }
    if (rows.size() > TABLES_MAX) {
      return Future.succeededFuture(
          Attempted.over(
              Optional.of(
                  MySqlError.notSupported("LOCK TABLES of more than " + TABLES_MAX + " tables"))));
    }
    TableNeeds needs =
        lock -> rows.containsKey(lock.table()) && (lock.exclusive() || rows.get(lock.table()));
    Duration left = Duration.ofNanos(deadline - parts.ports().timers().nanos());
    return tables
        .waited(needs, left)
        .compose(
            error ->
                error.isPresent()
                    ? Future.succeededFuture(Attempted.over(error))
                    : tables
                        .lease()
                        .take()
                        .compose(
                            alive -> parts.tableOrder().take(tables.lease().name(), rows, at.seq()))
                        .compose(applied -> judged(applied, held(wanted, reach), at, deadline)));
  }

  private Future<Attempted> judged(
      Applied applied, List<TableRules.Held> held, Position at, long deadline) {
    session.state().saw(applied.seq());
    return applied
        .outcome()
        .fold(
            done ->
                done.affected() == 0
                    ? Future.succeededFuture(Attempted.again(Attempt.AGAIN))
                    : known(applied.seq())
                        .map(
                            everywhere -> {
                              tables.has(held, true);
                              return Attempted.over(Optional.empty());
                            }),
            failed ->
                Future.succeededFuture(
                    Attempted.over(
                        Optional.of(
                            new MySqlError(failed.code(), failed.sqlState(), failed.message())))),
            refused -> Future.succeededFuture(Attempted.again(overtaken(at, deadline))));
  }

  /** Whoever is overtaken by locks may be so as often as there are sessions that lock. */
  private Attempt overtaken(Position at, long deadline) {
    boolean defined = !parts.ports().position().get().definitionsSeq().equals(at.definitionsSeq());
    boolean late = parts.ports().timers().nanos() >= deadline;
    return defined || late ? Attempt.STALE : Attempt.AGAIN;
  }

  /** At this node in any case; at the others as long as they are believed to serve. */
  private Future<Void> known(Seq seq) {
    List<Future<?>> others = new ArrayList<>();
    for (NodeId node : parts.ports().sequencer().nodes()) {
      if (!node.equals(parts.ports().self()) && parts.ports().board().of(node).isPresent()) {
        others.add(parts.progress().reached(node, seq, KNOWN_WITHIN));
      }
    }
    return parts
        .progress()
        .reached(parts.ports().self(), seq)
        .compose(here -> others.isEmpty() ? Future.succeededFuture() : Future.join(others))
        .transform(
            result ->
                parts.ports().position().get().seq().isBefore(seq)
                    ? Future.failedFuture(new SessionLostException("its own node is behind"))
                    : Future.succeededFuture());
  }

  /** What was named, and what is locked along with it under its own name. */
  private List<TableRules.Held> held(List<LockWanted> wanted, Reach reach) {
    String schema = session.state().schema();
    List<TableRules.Held> held = new ArrayList<>();
    Set<TableName> named = new HashSet<>();
    for (LockWanted one : wanted) {
      one.table()
          .in(schema)
          .ifPresent(
              table -> {
                named.add(table);
                held.add(new TableRules.Held(table, one.alias(), one.write()));
              });
    }
    for (TableName table : reach.used()) {
      if (!named.contains(table)) {
        held.add(new TableRules.Held(table, table.table(), reach.written().contains(table)));
      }
    }
    return held;
  }
}
