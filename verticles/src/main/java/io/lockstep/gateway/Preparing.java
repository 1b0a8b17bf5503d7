package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.Prepared;
import io.vertx.core.Future;

/**
 * Prepares at the session's master, with writing allowed, what is only looked at, or executed
 * later. The database's own transaction of WITH CONSISTENT SNAPSHOT refuses that for a write, as it
 * only reads; it ends for the branch that follows it, as it would for the write itself.
 */
final class Preparing {
  private final Session session;

  Preparing(Session session) {
    this.session = session;
  }

  Future<Prepared> of(Bytes sql) {
    return session
        .backend()
        .prepareWrite(sql)
        .recover(
            cause ->
                session.transaction().journals() && isRefused(cause)
                    ? session
                        .transaction()
                        .writes()
                        .compose(writable -> session.backend().prepareWrite(sql))
                    : Future.failedFuture(cause));
  }

  private static boolean isRefused(Throwable cause) {
    return cause instanceof BackendRefusedException refused
        && refused.error().code() == Writing.READ_ONLY.code();
  }
}
