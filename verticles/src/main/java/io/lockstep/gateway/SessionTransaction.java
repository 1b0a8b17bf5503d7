package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.sql.ProgramPause;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The transaction of a session, if one is open. What it reads and writes runs in a {@link Branch}
 * at the session's master and is kept in a {@link Journal}; if the branch is lost it is run again
 * elsewhere, and goes on if everything comes out as before.
 *
 * <pre>
 * none      --BEGIN--> begun        --first statement--> branch open
 * none      --first statement without autocommit--> branch open
 * branch    --lost, same answers elsewhere--> branch open    --other answers--> none (1213)
 *           --lost before a write--> branch open, plain reads are compared before the next of them
 * any       --COMMIT, ROLLBACK, implicit commit--> none
 * none      --BEGIN READ ONLY, or READ ONLY without autocommit--> branch that only reads
 * none      --BEGIN WITH CONSISTENT SNAPSHOT--> server's own read-only transaction
 *           --first write after WITH CONSISTENT SNAPSHOT--> branch open, same answers; else 1213
 * </pre>
 *
 * <p>Lives on the session's context.
 */
final class SessionTransaction {
  /** Branches that one statement may lose before its client hears 1213. */
  static final int BRANCHES_MAX = 30;

  /** Before a branch that was lost is begun again. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static final String PIN = "a read-only transaction is open at its master";
  static final String PIN_READS = "its transaction cannot be repeated elsewhere";

  /** How the client began it. */
  private enum Begun {
    NOT,
    READ_WRITE,
    READ_ONLY
  }

  private final Session session;
  private final Journal journal = new Journal();
  private final BehindLocks behindLocks;
  private Begun begun = Begun.NOT;
  private Isolation level = Isolation.REPEATABLE_READ;
  private Optional<Isolation> next = Optional.empty();
  private Optional<Branch> branch = Optional.empty();
  private Optional<Branch> reading = Optional.empty();

  /** The branch was run again without the plain reads: it may see another state than they did. */
  private boolean snapshotMoved;

  private boolean abandoned;
  private Optional<Position> planned = Optional.empty();
  private Optional<Backend> snapshotAt = Optional.empty();
  private long branches;

  SessionTransaction(Session session) {
    this.session = session;
    this.behindLocks = new BehindLocks(session, this::holds);
  }

  /** Whether the next statement belongs to a transaction of several. */
  boolean open() {
    return begun != Begun.NOT || branch.isPresent() || !session.state().autocommit();
  }

  /** Whether the client has begun it, and not its first statement. */
  boolean begunByClient() {
    return begun != Begun.NOT;
  }

  /** Whether the server itself holds the transaction to reading. */
  boolean readOnly() {
    return begun == Begun.READ_ONLY
        || (begun == Begun.NOT && branch.isEmpty() && session.access().readOnly());
  }

  /** Whether a read locks rows for longer than itself, or is refused where it may not. */
  boolean mindsLocks() {
    return open() || session.access().readOnly();
  }

  /** Whether the statement begins a transaction that only reads, without autocommit. */
  boolean beginsWithReading(Statement statement) {
    boolean none = open() && begun == Begun.NOT;
    return none && readOnly() && statement.type().takesPart(statement.facts());
  }

  /** Whether reads belong into the journal. */
  boolean journals() {
    return open() && !readOnly();
  }

  Journal journal() {
    return journal;
  }

  Isolation level() {
    return level;
  }

  /** Whether every plain read is compared at the commit from now on. */
  boolean comparesReads() {
    return level == Isolation.SERIALIZABLE || (journal.touches() && behindLocks.elsewhereToo());
  }

  /** SET TRANSACTION ISOLATION LEVEL: of the next transaction alone. */
  void next(Isolation wanted) {
    next = Optional.of(wanted);
  }

  /** The statements of the transaction are analysed at this position. */
  void plannedAt(Position position) {
    planned = planned.or(() -> Optional.of(position));
  }

  /** BEGIN, with no transaction open. */
  Future<Void> begin(boolean readOnly, boolean snapshot) {
    session.access().used();
    if (!readOnly && !snapshot) {
      begun = Begun.READ_WRITE;
      session.state().inTransaction(true);
      return Future.succeededFuture();
    }
    begun = readOnly ? Begun.READ_ONLY : Begun.READ_WRITE;
    if (begun == Begun.READ_ONLY) {
      session.state().pin(PIN);
    }
    return session
        .ready()
        .compose(
            settings ->
                snapshot ? snapshot(session.backend()) : readingBranch(settings.isolation()))
        .onFailure(refused -> forget())
        .onSuccess(ready -> session.state().transactionBegun(readOnly));
  }

  /** The server's own transaction, which alone can begin with a snapshot. */
  private Future<Void> snapshot(Backend backend) {
    next.ifPresent(one -> backend.query("SET TRANSACTION ISOLATION LEVEL " + one.sql()));
    next = Optional.empty();
    snapshotAt = Optional.of(backend);
    return backend.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").mapEmpty();
  }

  /** A procedure could end the server's own transaction and turn writing on (invariant I5). */
  private Future<Void> readingBranch(Isolation usual) {
    Isolation wanted = next.orElse(usual);
    next = Optional.empty();
    if (!session.state().autocommit()) {
      // What has only been read so far began the server's own transaction.
      session.backend().rollback();
    }
    return Branch.reading(session.backend(), nextXid(), wanted)
        .onSuccess(open -> reading = Optional.of(open))
        .mapEmpty();
  }

  private String nextXid() {
    return "lockstep-" + session.state().sessionId() + "-" + ++branches;
  }

  /** Whether it runs where the database refuses every write and every commit. */
  boolean readsInBranch() {
    return reading.isPresent();
  }

  /** Where the transaction's next statement is to run; begins its branch, or runs it again. */
  Future<Backend> enter(BranchUse use) {
    return inside(use, Future::succeededFuture);
  }

  /** What is asked of the branch's connection; asked again when that is lost meanwhile. */
  <T> Future<T> inside(BranchUse use, Function<Backend, Future<T>> question) {
    return inside(use, question, 1);
  }

  private <T> Future<T> inside(BranchUse use, Function<Backend, Future<T>> question, int attempt) {
    HandedOverRows others = session.parts().handedOver();
    return others
        .passed(session, use)
        .compose(free -> entered(use))
        .compose(
            backend ->
                journal.first().looksBehindLocks(use, level)
                    ? behindLocks.look(backend, branch).map(backend)
                    : Future.succeededFuture(backend))
        .compose(question)
        .recover(cause -> unlessLost(cause, attempt, () -> inside(use, question, attempt + 1)));
  }

  /** Its connection may be ended for the applier's sake at any moment, also while it is begun. */
  private <T> Future<T> unlessLost(Throwable cause, int attempt, Supplier<Future<T>> again) {
    if (!Mastership.isLoss(cause)) {
      return Future.failedFuture(cause);
    }
    return attempt < BRANCHES_MAX
        ? broken()
            .compose(gone -> session.parts().ports().timers().pause(PAUSE))
            .compose(passed -> again.get())
        : lost();
  }

  private Future<Backend> entered(BranchUse use) {
    if (snapshotMoved && use.repeatsReads(journal.complete())) {
      snapshotMoved = false;
      return broken().compose(gone -> entered(use));
    }
    if (!journal.complete() && session.mastership().current().filter(this::holds).isEmpty()) {
      return lost();
    }
    if (branch.isEmpty() && snapshotAt.isEmpty() && journal.isEmpty()) {
      session.joinTransactions();
    }
    return session
        .ready()
        .compose(
            settings -> {
              Backend backend = session.backend();
              if (holds(backend)) {
                return Future.succeededFuture(backend);
              }
              snapshotAt = Optional.empty();
              if (branch.isEmpty()) {
                level = next.orElse(settings.isolation());
              }
              return branchAt(backend, use)
                  .compose(
                      same -> {
                        if (holds(backend)) {
                          return same ? Future.succeededFuture(backend) : lost();
                        }
                        return Future.failedFuture(
                            new BackendLostException("it had to make way while it was run again"));
                      });
            });
  }

  /** Whether what runs on this connection now runs inside the transaction. */
  boolean holds(Backend backend) {
    return snapshotAt.filter(here -> here == backend).isPresent()
        || branch.filter(open -> open.isAt(backend)).isPresent();
  }

  /** After WITH CONSISTENT SNAPSHOT: the first statement that needs more than reading. */
  Future<Void> writes() {
    if (snapshotAt.isEmpty()) {
      return Future.succeededFuture();
    }
    snapshotAt = Optional.empty();
    return session.ready().compose(settings -> session.backend().query("ROLLBACK")).mapEmpty();
  }

  /**
   * Whether everything comes out as before. Behind what is captured plain reads cannot be repeated
   * any more, so that they are repeated before it, if they come out the same.
   */
  private Future<Boolean> branchAt(Backend backend, BranchUse use) {
    return branchAt(backend, use != BranchUse.LATEST)
        .compose(
            same ->
                same || use != BranchUse.CAPTURED || !holds(backend)
                    ? Future.succeededFuture(same)
                    : broken().compose(gone -> branchAt(backend, false)));
  }

  private Future<Boolean> branchAt(Backend backend, boolean withReads) {
    session.state().tellInsertId(backend);
    return Branch.begin(backend, nextXid(), level)
        .compose(
            begun -> {
              branch = Optional.of(begun);
              next = Optional.empty();
              if (!abandoned) {
                session.parts().branches().opened(backend, this);
              }
              session.state().inTransaction(true);
              List<Journal.Entry> again = journal.again(withReads, level);
              snapshotMoved = level.keepsSnapshot() && again.size() < journal.entries().size();
              return new Reexecution(
                      again, session.state().schema(), () -> behindLocks.allApplied(backend))
                  .at(backend, () -> holds(backend));
            });
  }

  /** Its locks are in the way of an applier, or of its own write that has its place. */
  void makeWay() {
    branch.ifPresent(Branch::rollback);
  }

  /** The database rolled the branch back (1213): it can be run again. */
  Future<Void> broken() {
    return branch.map(Branch::rollback).orElseGet(Future::succeededFuture);
  }

  /** Nothing of it happened, and the client is told to try again. */
  <T> Future<T> lost() {
    return rollback()
        .compose(gone -> Future.failedFuture(new ClientErrorException(MySqlError.deadlock())));
  }

  /** Keeps a step that was answered; a session that cannot be moved any more is pinned. */
  void keep(Journal.Kind kind, Step.Statement step, Reach reach) {
    journal.add(kind, step, reach, comparesReads());
    branch.filter(open -> kind.locks()).ifPresent(open -> open.settled(false));
    if (!journal.complete()) {
      session.state().pin(PIN_READS);
    }
  }

  /** The branch that was begun last, lost or not. */
  Optional<Branch> branch() {
    return branch;
  }

  /**
   * What a procedure has changed before it ended its branch itself ({@link ProgramPause}); there is
   * none from now on until {@link #goesOnIn}.
   */
  Future<List<Step>> partToOrder(long from) {
    Optional<Branch> ended = branch;
    session.parts().branches().closed(this);
    branch = Optional.empty();
    return ended
        .map(one -> new Capturing(session, one).ended(from).compose(journal::rows))
        .orElseGet(this::lost);
  }

  /** The procedure goes on in a branch that it begins itself. */
  void goesOnIn(Branch next, Position analysedAt) {
    forget();
    branch = Optional.of(next);
    planned = Optional.of(analysedAt);
    journal.beginPart();
    session.parts().branches().opened(session.backend(), this);
    session.state().inTransaction(true);
  }

  /** Up to where the analyses of its statements hold, given how far this node is now. */
  Seq basis(Position now) {
    Position first = planned.orElse(now);
    return now.definitionsSeq().equals(first.definitionsSeq()) ? now.seq() : first.seq();
  }

  /** Undoes what the database holds of it and forgets it. */
  Future<Void> rollback() {
    return end("ROLLBACK", Branch::rollback);
  }

  /** A commit without anything to order. What only reads may have written temporary tables. */
  Future<Void> endUnordered() {
    return begun == Begun.READ_ONLY ? end("COMMIT", Branch::commitReading) : rollback();
  }

  private Future<Void> end(String servers, Function<Branch, Future<Void>> ours) {
    Optional<Branch> open = branch.or(() -> reading);
    boolean own = snapshotAt.isPresent();
    forget();
    Optional<Backend> backend = session.mastership().current().filter(Backend::open);
    if (own && backend.isPresent()) {
      return backend.get().query(servers).mapEmpty();
    }
    return open.map(ours).orElseGet(Future::succeededFuture);
  }

  /** Its client is gone, and its connection goes: nobody can be asked to roll it back any more. */
  void abandoned() {
    abandoned = true;
    session.parts().branches().closed(this);
  }

  private void forget() {
    begun = Begun.NOT;
    session.parts().branches().closed(this);
    branch = Optional.empty();
    reading = Optional.empty();
    planned = Optional.empty();
    snapshotAt = Optional.empty();
    snapshotMoved = false;
    journal.clear();
    session.state().unpin(PIN);
    session.state().unpin(PIN_READS);
    session.state().inTransaction(false);
  }
}
