package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The XA branch at a master's database in which an open transaction runs. It is only ever rolled
 * back: what it did takes effect through the order (invariant I5). Inside a branch the database
 * itself refuses definitions and commits with 1399 (MariaDB Knowledge Base, XA Transactions). Lives
 * on its session's context.
 */
final class Branch {
  private static final Logger LOG = LoggerFactory.getLogger(Branch.class);

  /** ER_CANT_CHANGE_TX_CHARACTERISTICS, XAER_RMFAIL, XAER_OUTSIDE. */
  private static final Set<Integer> STILL_OPEN = Set.of(1568, 1399, 1400);

  /** ER_QUERY_INTERRUPTED. */
  static final int INTERRUPTED = 1317;

  private final Backend backend;
  private final String xid;
  private boolean dead;
  private boolean settled;
  private Optional<Future<Void>> undone = Optional.empty();

  private Branch(Backend backend, String xid) {
    this.backend = backend;
    this.xid = xid;
  }

  /** Begins a branch on a session that writes nothing outside of one. */
  static Future<Branch> begin(Backend backend, String xid, Isolation level) {
    return begin(backend, xid, level.ofBranch().sql() + ", READ WRITE");
  }

  /** Begins a branch in which the database refuses every write, whatever a procedure tries. */
  static Future<Branch> reading(Backend backend, String xid, Isolation level) {
    return begin(backend, xid, level.sql() + ", READ ONLY");
  }

  /** A branch that a procedure begins itself. */
  static Branch begunThere(Backend backend, String xid) {
    return new Branch(backend, xid);
  }

  private static Future<Branch> begin(Backend backend, String xid, String characteristics) {
    Future<Reply> mode = backend.query("SET TRANSACTION ISOLATION LEVEL " + characteristics);
    Future<Reply> start = backend.query("XA START " + literal(xid));
    return Future.join(mode, start)
        .compose(
            both -> {
              Optional<MySqlError> error =
                  mode.result().failure().or(() -> start.result().failure());
              return error.isPresent()
                  ? Future.failedFuture(notBegun(backend, error.get()))
                  : Future.succeededFuture(new Branch(backend, xid));
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
    return backend == other && !dead && backend.open();
  }

  /**
   * Undoes everything. A connection that cannot say so is closed, which has the same effect. What
   * is sent behind it runs after it.
   */
  Future<Void> rollback() {
    if (undone.isEmpty()) {
      undone = Optional.of(undo());
    }
    return undone.get();
  }

  private Future<Void> undo() {
    dead = true;
    if (!backend.open()) {
      return Future.succeededFuture();
    }
    // After a deadlock XA END answers 1614, and the branch still has to be rolled back.
    Future<Reply> end = backend.query("XA END " + literal(xid));
    Future<Reply> rollback = backend.query("XA ROLLBACK " + literal(xid));
    return Future.join(end, rollback)
        .transform(
            both -> {
              if (rollback.failed() || rollback.result().failure().isPresent()) {
                backend.close();
              }
              return Future.succeededFuture();
            });
  }
}
