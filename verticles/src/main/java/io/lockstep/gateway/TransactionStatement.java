package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Step;
import io.lockstep.mysql.AnswerDigest;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.sql.Reach;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Runs one statement inside the session's open transaction: at the branch, with its answer going to
 * the client and into the journal. A branch that the database gave up, or that was lost with its
 * master, is run again and the statement with it, as long as the client has seen nothing of it.
 */
final class TransactionStatement {
  /** Errors that say nothing of data: nothing is compared, as nothing was done. */
  private static final Set<Integer> WITHOUT_EFFECT =
      Set.of(
          1044, 1045, 1046, 1049, 1051, 1054, 1060, 1064, 1065, 1136, 1142, 1143, 1146, 1149, 1205,
          1213, 1227, 1235, 1295, 1305, 1317, 1370, 1399, 1792, 1969, 3024);

  private static final int DEADLOCK = 1213;
  private static final int IN_BRANCH = 1399;
  static final MySqlError COMMITS =
      MySqlError.notSupported(
          "a commit or a definition inside a stored program that a transaction calls");

  /**
   * How often it is run again because it has drawn other ids than it was given: what draws another
   * number each time is compared in the order as it is.
   */
  private static final int DRAWN_AGAIN_MAX = 5;

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int PAUSES_MAX = 10;

  private final Session session;
  private final SessionTransaction transaction;
  private final Answer answer;
  private final Function<Backend, Future<Buffer>> command;
  private final FirstLock firstLock;
  private Optional<Function<Backend, Future<Buffer>>> withoutWaiting = Optional.empty();
  private Optional<LocalFile> file = Optional.empty();
  private Optional<? extends DrawsIds> ids = Optional.empty();
  private UnaryOperator<String> told = UnaryOperator.identity();
  private HiddenDefinitions hidden = new HiddenDefinitions(false);
  private Optional<MySqlError> doubted = Optional.empty();
  private boolean calls;
  private boolean locksItsRowsAlone;
  private StateBefore before = StateBefore.NONE;
  private int runs;
  private int losses;
  private int drawnAgain;
  private int follows;
  private long began;
  private long sent;

  /**
   * @param command what is to be sent to a connection
   */
  TransactionStatement(Session session, Answer answer, Function<Backend, Future<Buffer>> command) {
    this.session = session;
    this.transaction = session.transaction();
    this.answer = answer;
    this.command = command;
    this.firstLock = new FirstLock(session);
  }

  /**
   * @param impatient the same command, in the form that fails where it would wait for a row
   */
  TransactionStatement orWithoutWaiting(Function<Backend, Future<Buffer>> impatient) {
    withoutWaiting = Optional.of(impatient);
    return this;
  }

  /** The statement calls what may hide that it was refused something. */
  TransactionStatement looking(HiddenDefinitions definitions) {
    hidden = definitions;
    calls = true;
    return this;
  }

  /** The statement locks no row but those that it returns, where no snapshot is kept. */
  TransactionStatement lockingItsRowsAlone() {
    locksItsRowsAlone = true;
    return this;
  }

  /** What it finds whenever it is run. */
  TransactionStatement finding(StateBefore state) {
    before = state;
    return this;
  }

  /** The statement's rows draw ids, which its command has as soon as they are taken. */
  TransactionStatement drawing(Optional<? extends DrawsIds> drawn) {
    ids = drawn;
    return this;
  }

  /** What an error says is the client's to read in other words. */
  TransactionStatement telling(UnaryOperator<String> words) {
    told = words;
    return this;
  }

  /** The statement loads a file that the client has sent. */
  TransactionStatement loading(LocalFile taken) {
    file = Optional.of(taken);
    return this;
  }

  /**
   * What goes into the journal.
   *
   * @param step empty when nothing is kept
   * @param insertId pinned for the execution
   * @param digested whether the answer is to be compared at all
   */
  record Kept(
      Journal.Kind kind,
      Optional<Step.Statement> step,
      Reach reach,
      OptionalLong insertId,
      boolean binary,
      boolean digested) {}

  Future<Void> run(Kept kept) {
    session.state().interrupted(false);
    began = session.parts().ports().timers().nanos();
    return attempt(kept).onComplete(over -> waitsForNone());
  }

  private void waitsForNone() {
    transaction.journal().guessed().trying(Optional.empty(), Set.of());
  }

  private Future<Void> attempt(Kept kept) {
    session.state().read();
    if (kept.kind().locks()) {
      transaction.journal().guessed().trying(kept.step(), kept.reach().tables());
    }
    return transaction
        .enter(use(kept))
        .compose(
            backend -> {
              if (++runs > 1) {
                before.giveBack(backend);
              }
              return command(kept).apply(backend).compose(bytes -> send(backend, bytes));
            })
        .transform(
            result -> {
              if (result.succeeded() && firstLock.refused(result.result())) {
                return askAgain(kept);
              }
              if (result.succeeded() && !result.result().failedWith(DEADLOCK)) {
                return mayLose() && doubtful(kept, result.result())
                    ? again(kept)
                    : behindOthers(kept, result.result());
              }
              if (result.succeeded()) {
                // Run again, it would wait for the winner, whose client may wait for this one.
                return transaction.rollback().compose(gone -> result.result().deliver());
              }
              boolean lost = Mastership.isLoss(result.cause());
              if (!lost || answer.begun() || !mayLose()) {
                return lost ? transaction.lost() : Future.failedFuture(result.cause());
              }
              return again(kept);
            });
  }

  private Function<Backend, Future<Buffer>> command(Kept kept) {
    if (withoutWaiting.isEmpty() || !firstLock.asks(kept.kind(), began)) {
      return command;
    }
    waitsForNone();
    return withoutWaiting.get();
  }

  private Future<Void> askAgain(Kept kept) {
    return session.state().interrupted()
        ? tell(Killing.INTERRUPTED)
        : firstLock.later().compose(again -> attempt(kept));
  }

  private boolean mayLose() {
    return losses < SessionTransaction.BRANCHES_MAX - 1;
  }

  private static BranchUse use(Kept kept) {
    return switch (kept.kind()) {
      case READ -> BranchUse.SNAPSHOT;
      case CAPTURED -> BranchUse.CAPTURED;
      case WRITE, LOCKING_READ, SAVEPOINT, LOCAL -> BranchUse.LATEST;
    };
  }

  /** Answers, unless it has waited for a lock of who has committed and is yet to be applied. */
  private Future<Void> behindOthers(Kept kept, BranchAnswer given) {
    int steps = transaction.journal().size();
    boolean onlyLocks = kept.kind() == Journal.Kind.LOCKING_READ;
    boolean onlyRows = kept.kind() == Journal.Kind.CAPTURED && !calls;
    boolean again =
        mayFollow(kept) && given.error().isEmpty() && Handover.worthwhile(follows, steps);
    boolean gone = !transaction.holds(session.backend());
    Handover handover = session.parts().handover();
    boolean waited = gone || (!firstLock.hasNotWaited() && handover.mayFollow(sent, steps));
    if (mayFollow(kept)) {
      handover.cameBack(sent);
    }
    // What it has read is compared with nothing.
    boolean free = (onlyLocks && (steps == 0 || lockedNothing(given))) || onlyRows;
    if (!again || !(waited || free || firstLock.gotAfterAnother())) {
      return answered(kept, given);
    }
    NodeId node = session.mastership().node();
    return waited || (follows == 0 && onlyLocks)
        ? handover
            .settled(node, began, transaction::broken)
            .compose(atOnce -> atOnce ? unlessGone(kept, given) : follow(kept))
        : session.parts().settledAt(node).transform(known -> unlessGone(kept, given));
  }

  private boolean lockedNothing(BranchAnswer given) {
    return locksItsRowsAlone
        && !transaction.level().keepsSnapshot()
        && given.digest() == AnswerDigest.ofNoRows();
  }

  private Future<Void> unlessGone(Kept kept, BranchAnswer given) {
    return transaction.holds(session.backend()) ? answered(kept, given) : follow(kept);
  }

  private Future<Void> follow(Kept kept) {
    follows++;
    transaction.journal().contended();
    return attempt(kept);
  }

  private Future<Void> again(Kept kept) {
    losses++;
    return transaction.broken().compose(gone -> pause()).compose(passed -> attempt(kept));
  }

  /**
   * A write that fails on newer rows than the transaction has read: at SERIALIZABLE one server's
   * locks would have kept those away. Run again, what was read proves to be old, or the error true:
   * it comes out as before, in a branch that began behind the first and has read the same.
   */
  private boolean doubtful(Kept kept, BranchAnswer given) {
    Optional<MySqlError> before = doubted;
    doubted = given.error().filter(one -> !WITHOUT_EFFECT.contains(one.code()));
    return kept.kind() == Journal.Kind.WRITE
        && doubted.isPresent()
        && !doubted.equals(before)
        && !answer.begun()
        && transaction.level() == Isolation.SERIALIZABLE
        && transaction.journal().comparesReads();
  }

  /** It may be run again for as long as its client has not heard of it. */
  private boolean mayFollow(Kept kept) {
    boolean rows = kept.kind() == Journal.Kind.CAPTURED && !calls;
    return (kept.kind() == Journal.Kind.LOCKING_READ || kept.kind() == Journal.Kind.WRITE || rows)
        && !answer.begun()
        && transaction.journal().complete();
  }

  /** Not behind a branch that had to make way meanwhile: there it would run by itself. */
  private Future<BranchAnswer> send(Backend backend, Buffer bytes) {
    if (!transaction.holds(backend)) {
      return Future.failedFuture(new BackendLostException("its branch made way"));
    }
    int before = session.state().status();
    sent = session.parts().ports().timers().nanos();
    return file.map(one -> BranchAnswer.loading(backend, bytes, one, answer, before))
        .orElseGet(() -> BranchAnswer.to(backend, bytes, ReplyShape.RESULTS, answer, before))
        .compose(
            given ->
                given.failedWith(Branch.INTERRUPTED) && !session.state().interrupted()
                    ? Future.failedFuture(new BackendLostException("it was in an applier's way"))
                    : Future.succeededFuture(given));
  }

  private Future<Void> pause() {
    return session.parts().ports().timers().pause(PAUSE.multipliedBy(Math.min(losses, PAUSES_MAX)));
  }

  private Future<Void> answered(Kept kept, BranchAnswer given) {
    return ids.filter(one -> !answer.begun() && drawnAgain < DRAWN_AGAIN_MAX)
        .map(one -> one.settled(session.backend(), given))
        .orElseGet(() -> Future.succeededFuture(true))
        .compose(
            settled ->
                settled
                    ? hidden.tried().compose(tried -> answered(kept, given, tried))
                    : back().compose(gone -> drawAgain(kept)));
  }

  private Future<Void> answered(Kept kept, BranchAnswer given, boolean tried) {
    return tried || given.failedWith(IN_BRANCH)
        ? undone(kept, given, COMMITS)
        : unhidden(kept, given);
  }

  private Future<Void> drawAgain(Kept kept) {
    drawnAgain++;
    return attempt(kept);
  }

  /** Before what is captured. */
  private Future<Reply> back() {
    return session.backend().query("ROLLBACK TO `" + transaction.journal().part() + "`");
  }

  private Future<Void> unhidden(Kept kept, BranchAnswer given) {
    if (given.failedWith(SequenceRun.SEALED)) {
      return undone(kept, given, SequenceRun.ELSEWHERE);
    }
    session.state().status(given.status());
    session.state().drewInBranch(given.insertId());
    // What a procedure did before its error stays, as on one server.
    boolean procedure = kept.kind() == Journal.Kind.CAPTURED;
    boolean without = given.error().filter(one -> WITHOUT_EFFECT.contains(one.code())).isPresent();
    if (procedure || !(without || lockedNothing(given))) {
      kept.step()
          .ifPresent(step -> transaction.keep(kept.kind(), seen(step, kept, given), kept.reach()));
    }
    return given
        .error()
        .map(error -> error.saying(told.apply(error.message())))
        .filter(error -> !answer.begun() && !given.error().equals(Optional.of(error)))
        .map(this::tell)
        .orElseGet(given::deliver);
  }

  private Future<Void> tell(MySqlError error) {
    answer.error(error);
    return Future.succeededFuture();
  }

  /** Nothing of what the database stopped on the way may stay. */
  private Future<Void> undone(Kept kept, BranchAnswer given, MySqlError why) {
    Future<?> gone = kept.kind() == Journal.Kind.CAPTURED ? back() : Future.succeededFuture();
    // Of rows that the client has already, only an error behind them can say that they are not so.
    boolean said = answer.begun() && given.error().isPresent();
    return gone.compose(
        undone ->
            said
                ? given.deliver()
                : answer.begun() || calls
                    ? Future.failedFuture(new ClientErrorException(why))
                    : session.refuse(answer, why));
  }

  private static Step.Statement seen(Step.Statement step, Kept kept, BranchAnswer given) {
    boolean drewItself = kept.kind() == Journal.Kind.LOCAL && given.insertId() != 0;
    OptionalLong insertId = drewItself ? OptionalLong.of(given.insertId()) : kept.insertId();
    Optional<Step.Seen> seen =
        kept.digested()
            ? Optional.of(new Step.Seen(given.digest(), insertId, kept.binary()))
            : Optional.empty();
    return new Step.Statement(step.schema(), step.context(), step.sql(), step.ids(), seen);
  }
}
