package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Timers;
import io.lockstep.mysql.BackendLostException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One server's transaction that reads when it has a lock sees whatever was done under that lock
 * before. Here a lock is let go when its transaction's write has its place, and that is yet to be
 * applied: a plain read waits for it, as it is compared with nothing later. Lives on its session's
 * context.
 */
final class BehindLocks {
  /** Between two questions. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * Questions, each of which waits for up to {@link Addresses#REACHED_WITHIN}: about as long as a
   * write that has its place is waited for ({@link IntakeBounds}).
   */
  private static final int ASKED_MAX = 700;

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
    return allApplied(backend, 1);
  }

  private Future<Void> allApplied(Backend backend, int asked) {
    return session
        .parts()
        .settledAt(session.mastership().node())
        .transform(
            all -> {
              if (!holds.test(backend) || (all.failed() && asked >= ASKED_MAX)) {
                return Future.failedFuture(new BackendLostException("others come before it"));
              }
              return all.succeeded() ? Future.succeededFuture() : askAgain(backend, asked);
            });
  }

  /** A definition that is being applied may take long. */
  private Future<Void> askAgain(Backend backend, int asked) {
    Timers timers = session.parts().ports().timers();
    return timers.pause(PAUSE).compose(passed -> allApplied(backend, asked + 1));
  }
}
