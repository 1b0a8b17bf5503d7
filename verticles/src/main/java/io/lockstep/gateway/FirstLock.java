package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How a transaction gets its first lock that has read a snapshot before. Whoever waits for a row in
 * the database gets it before the write of who had it is applied, is in the way of that, and loses
 * the snapshot with the branch: 1213 if the transaction reads on, which one server does not give.
 * So it asks without waiting, and again when all that has its place is applied: it holds nothing
 * meanwhile, and can be part of no deadlock but by rows that the same statement has locked, which
 * is why it waits in the database in the end. Lives on its session's context.
 */
final class FirstLock {
  /** Who has not got it by then waits as others do, so that the database finds deadlocks. */
  static final Duration ASKED_WITHIN = Duration.ofMillis(500);

  /** Between two questions; a longer one leaves the row to nobody for as long. */
  private static final Duration PAUSE = Duration.ofMillis(1);

  /** ER_LOCK_WAIT_TIMEOUT. */
  private static final int LOCKED_OUT = 1205;

  private final Session session;
  private boolean asking;
  private boolean refusedOnce;

  FirstLock(Session session) {
    this.session = session;
  }

  /**
   * Whether the statement, begun then, is to be sent so that it does not wait.
   *
   * @param kind what it is to its transaction
   */
  boolean asks(Journal.Kind kind, long began) {
    SessionTransaction transaction = session.transaction();
    asking =
        (kind == Journal.Kind.WRITE || kind == Journal.Kind.LOCKING_READ)
            && transaction.level() == Isolation.REPEATABLE_READ
            && transaction.journal().first().onlyRead()
            && timers().nanos() - began < ASKED_WITHIN.toNanos();
    return asking;
  }

  /** Whether it has been sent so that it did not wait. */
  boolean hasNotWaited() {
    return asking;
  }

  /** Whether what it was sent for is locked by another. */
  boolean refused(BranchAnswer given) {
    boolean refused = asking && given.failedWith(LOCKED_OUT);
    refusedOnce |= refused;
    return refused;
  }

  /** Whether it has got what was another's: of whose write it is not known to be applied. */
  boolean gotAfterAnother() {
    return asking && refusedOnce;
  }

  /** When it may ask again: all that has its place is applied, or cannot be asked about. */
  Future<Void> later() {
    return timers()
        .pause(PAUSE)
        .compose(passed -> session.parts().settledAt(session.mastership().node()))
        .transform(settled -> Future.succeededFuture());
  }

  private Timers timers() {
    return session.parts().ports().timers();
  }
}
