package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.lockstep.model.SessionId;
import io.vertx.core.Future;

/**
 * The user lock by whose life the table locks of one session live: no client can name it. Its
 * holder is the session's connection id, negative, so that the client's own user locks stay apart.
 * Lives on the session's context.
 */
public final class TableLease {
  private final UserLocks locks;
  private final long holder;
  private final Bytes name;
  private Future<?> underWay = Future.succeededFuture();
  private boolean asked;

  /**
   * @param session its own for ever, unlike the connection id, which COM_CHANGE_USER keeps
   */
  public TableLease(UserLocks locks, long connectionId, SessionId session) {
    this.locks = locks;
    this.holder = -connectionId;
    this.name = Bytes.utf8("\0tables of " + session);
  }

  public Bytes name() {
    return name;
  }

  /** Whether the session may go on: its locks are certainly its own. */
  public boolean sure() {
    return locks.isSure(holder);
  }

  /** Completes when the session has it. */
  public Future<Void> take() {
    if (locks.has(holder, name)) {
      return Future.succeededFuture();
    }
    asked = true;
    Future<Boolean> taken = locks.take(holder, name);
    underWay = taken;
    return taken.mapEmpty();
  }

  /** The session's table locks are gone when this completes. */
  public Future<Void> giveBack() {
    if (!asked) {
      return Future.succeededFuture();
    }
    asked = false;
    return underWay.transform(settled -> locks.release(holder, name)).mapEmpty();
  }
}
