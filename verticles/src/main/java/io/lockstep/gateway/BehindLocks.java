package io.lockstep.gateway;

import io.lockstep.mysql.BackendLostException;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One server's transaction that reads when it has a lock sees whatever was done under that lock
 * before. Here a lock is let go when its transaction's write has its place, and that is yet to be
 * applied: a plain read waits for it, as it is compared with nothing later. Lives on its session's
 * context.
 */
final class BehindLocks {
  private final Session session;
  private final Predicate<Backend> holds;

  /**
   * @param holds whether the transaction's branch is open on a connection
   */
  BehindLocks(Session session, Predicate<Backend> holds) {
    this.session = session;
    this.holds = holds;
  }

  /** Before the branch reads: once for all locks that it has taken so far. */
  Future<Void> look(Backend backend, Optional<Branch> branch) {
    Optional<Branch> open = branch.filter(one -> one.isAt(backend) && !one.settled());
    return open.map(one -> allApplied(backend).onSuccess(all -> one.settled(true)))
        .orElseGet(Future::succeededFuture);
  }

  /** Whether its locks may not keep all others waiting: what is read under them is in doubt. */
  boolean elsewhereToo() {
    return !session.parts().meeting().meetsAllAt(session.mastership().node());
  }

  /**
   * When all that has its place by now is applied at the session's master. What of that needed the
   * branch's locks has ended the branch: fails then as a lost connection does.
   */
  Future<Void> allApplied(Backend backend) {
    return session
        .parts()
        .settledAt(session.mastership().node())
        .transform(
            all ->
                all.succeeded() && holds.test(backend)
                    ? Future.succeededFuture()
                    : Future.failedFuture(new BackendLostException("others come before it")));
  }
}
