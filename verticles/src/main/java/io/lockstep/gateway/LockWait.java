package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.sql.Reaches;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a statement outside of a transaction wait for row locks that open transactions of its
 * gateway hold, as on one server: it would not meet them in the order, which takes them away. It is
 * tried in a branch where those are, and undone there; then it goes its own way. Lives on its
 * session's context.
 */
final class LockWait {
  /** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. */
  private static final Set<Integer> LOCKED_OUT = Set.of(1205, 1213);

  private final Session session;
  private final Statement statement;

  LockWait(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
  }

  /** Whether another session's transaction has written or locked rows of a table that it names. */
  boolean mayBeNeeded() {
    SessionTransaction own = session.transaction();
    return !own.open()
        && !own.readOnly()
        && session.keyed().isEmpty()
        && !statement.facts().assignsUserVariables()
        && session
            .parts()
            .branches()
            .holdsRows(own, () -> Reaches.named(statement, session.state().schema()));
  }

  /** Completes when no lock is in the way any more, or with the error of having waited in vain. */
  Future<Optional<MySqlError>> passed() {
    session.state().interrupted(false);
    return RowIds.of(session, statement)
        .compose(
            ids ->
                ids.filter(RowIds::areMetElsewhere).isPresent()
                    ? Future.succeededFuture(Optional.empty())
                    : tried());
  }

  private Future<Optional<MySqlError>> tried() {
    SessionTransaction own = session.transaction();
    return own.begin(false, false)
        .compose(begun -> own.enter(BranchUse.LATEST))
        .compose(backend -> backend.query(statement.sql()))
        .map(reply -> reply.failure().filter(this::ends))
        .recover(
            cause ->
                Mastership.isLoss(cause)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(cause))
        .eventually(own::rollback);
  }

  private boolean ends(MySqlError error) {
    return LOCKED_OUT.contains(error.code())
        || (error.code() == Branch.INTERRUPTED && session.state().interrupted());
  }
}
