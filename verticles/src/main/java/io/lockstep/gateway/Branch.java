package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The XA branch at a master's database in which an open transaction runs. One that may write is
 * only ever rolled back: what it did takes effect through the order (invariant I5). Inside a branch
 * the database itself refuses definitions and commits with 1399 (MariaDB Knowledge Base, XA
 * Transactions). Lives on its session's context.
 */
final class Branch {
  private static final Logger LOG = LoggerFactory.getLogger(Branch.class);

  /** ER_CANT_CHANGE_TX_CHARACTERISTICS, XAER_RMFAIL, XAER_OUTSIDE. */
  private static final Set<Integer> STILL_OPEN = Set.of(1568, 1399, 1400);

  /** ER_QUERY_INTERRUPTED. */
  static final int INTERRUPTED = 1317;

  private final Backend backend;
  private final String xid;
  private final boolean onlyReads;
  private boolean settled;
  private Optional<Future<Void>> ended = Optional.empty();

  private Branch(Backend backend, String xid, boolean onlyReads) {
    this.backend = backend;
    this.xid = xid;
    this.onlyReads = onlyReads;
  }

  /** Begins a branch on a session that writes nothing outside of one. */
  static Future<Branch> begin(Backend backend, String xid, Isolation level) {
    return begin(new Branch(backend, xid, false), level.ofBranch().sql() + ", READ WRITE");
  }

  /** Begins a branch in which the database refuses every write, whatever a procedure tries. */
  static Future<Branch> reading(Backend backend, String xid, Isolation level) {
    return begin(new Branch(backend, xid, true), level.sql() + ", READ ONLY");
  }

  /** A branch that a procedure begins itself. */
  static Branch begunThere(Backend backend, String xid) {
    return new Branch(backend, xid, false);
  }

  private static Future<Branch> begin(Branch branch, String characteristics) {
    Backend backend = branch.backend;
    Future<Reply> mode = backend.query("SET TRANSACTION ISOLATION LEVEL " + characteristics);
    Future<Reply> start = backend.query("XA START " + literal(branch.xid));
    return Future.join(mode, start)
        .compose(
            both -> {
              Optional<MySqlError> error =
                  mode.result().failure().or(() -> start.result().failure());
              return error.isPresent()
                  ? Future.failedFuture(notBegun(backend, error.get()))
                  : Future.succeededFuture(branch);
            });
  }

  /** In bytes: as text it would take the character set of the session's connection. */
  private static String literal(String xid) {
    byte[] bytes = xid.getBytes(StandardCharsets.US_ASCII);
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Where something is still open that should not be, another connection is needed; that the client
   * has not asked for it, it need not hear.
   */
  private static RuntimeException notBegun(Backend backend, MySqlError error) {
    if (error.code() == INTERRUPTED) {
      return new BackendLostException("it was interrupted while it was begun");
    }
    if (!STILL_OPEN.contains(error.code())) {
      return new ClientErrorException(error);
    }
    LOG.warn("no branch can be begun on a connection: {}", error.message());
    backend.close();
    return new BackendLostException("no branch can be begun on it: " + error.message());
  }

  String xid() {
    return xid;
  }

  /** Ends it so that its rows are in the binary log. Fails when the database has given it up. */
  Future<Void> prepare() {
    Future<Reply> end = backend.query("XA END " + literal(xid));
    Future<Reply> prepare = backend.query("XA PREPARE " + literal(xid));
    return Future.join(end, prepare)
        .compose(
            both ->
                end.result()
                    .failure()
                    .or(() -> prepare.result().failure())
                    .map(error -> Future.<Void>failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  /**
   * Whether every write that had its place when it last took locks is applied at its database: who
   * held them before may have been one of these.
   */
  boolean settled() {
    return settled;
  }

  void settled(boolean now) {
    settled = now;
  }

  /** Whether the branch is open on this connection. */
  boolean isAt(Backend other) {
    return backend == other && ended.isEmpty() && backend.open();
  }

  /**
   * Undoes everything. A connection that cannot say so is closed, which has the same effect. What
   * is sent behind it runs after it.
   */
  Future<Void> rollback() {
    return ended(this::undo);
  }

  /**
   * Ends it and keeps what it did to temporary tables, if the database lets it write nothing else;
   * undoes everything in any other.
   */
  Future<Void> commitReading() {
    return onlyReads ? ended(this::keep) : rollback();
  }

  private Future<Void> ended(Supplier<Future<Void>> how) {
    if (ended.isEmpty()) {
      ended = Optional.of(backend.open() ? how.get() : Future.succeededFuture());
    }
    return ended.get();
  }

  private Future<Void> keep() {
    return over("XA COMMIT " + literal(xid) + " ONE PHASE")
        .compose(kept -> kept ? Future.succeededFuture() : undo());
  }

  private Future<Void> undo() {
    return over("XA ROLLBACK " + literal(xid))
        .map(
            undone -> {
              if (!undone) {
                backend.close();
              }
              return null;
            });
  }

  /** After a deadlock XA END answers 1614, and the branch still has to be rolled back. */
  private Future<Boolean> over(String last) {
    Future<Reply> end = backend.query("XA END " + literal(xid));
    Future<Reply> done = backend.query(last);
    return Future.join(end, done)
        .transform(
            both -> Future.succeededFuture(done.succeeded() && done.result().failure().isEmpty()));
  }
}
