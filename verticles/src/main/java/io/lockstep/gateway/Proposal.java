package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.BusException;
import io.lockstep.bus.Timers;
import io.lockstep.model.Applied;
import io.lockstep.model.NodeId;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One write on its way into the log: proposed, refused, proposed again, placed, applied. Knows at
 * every moment whether any node may have taken it in. Lives on its intake's context.
 */
final class Proposal {
  private final Bus bus;
  private final Timers timers;
  private final SequencerHint hint;
  private final IntakeBounds bounds;
  private final Supplier<NodeId> master;
  private final Runnable whenPlaced;
  private final Promise<Applied> promise = Promise.promise();
  private final long began;
  private Optional<SequencerRecord> known;
  private Write write;
  private Optional<NodeId> advised = Optional.empty();
  private Optional<Timers.Timer> timer = Optional.empty();
  private Duration backoff;
  private Duration patience;
  private int attempt;
  private int turn;
  private Optional<NodeId> asking = Optional.empty();
  private boolean placed;
  private boolean maybeTaken;
  private String lastAnswer = "no node answered";

  Proposal(
      Bus bus,
      Timers timers,
      SequencerHint hint,
      Optional<SequencerRecord> known,
      IntakeBounds bounds,
      Write write,
      Supplier<NodeId> master,
      Runnable whenPlaced) {
    this.bus = bus;
    this.timers = timers;
    this.hint = hint;
    this.known = known;
    this.bounds = bounds;
    this.write = write;
    this.master = master;
    this.whenPlaced = whenPlaced;
    this.began = timers.nanos();
    this.backoff = bounds.backoffMin();
    this.patience = bounds.outcomeWithin();
  }

  Future<Applied> begin() {
    propose();
    return promise.future();
  }

  Future<Applied> outcome() {
    return promise.future();
  }

  /** The outcome is known, whichever of the proposals it came from. */
  void finished(Applied applied) {
    timer.ifPresent(Timers.Timer::cancel);
    promise.tryComplete(applied);
  }

  /** The master is gone, and no outcome comes from there any more. */
  void gone(NodeId node) {
    if (asking.isEmpty() && write.master().equals(node)) {
      hasten();
    }
  }

  /** Where to propose now; whoever else was asked may have taken it in. */
  void sequencedBy(SequencerRecord record) {
    known = Optional.of(record);
    boolean elsewhere = asking.filter(asked -> !asked.equals(record.node())).isPresent();
    if (elsewhere || (asking.isEmpty() && !placed)) {
      maybeTaken |= elsewhere;
      advised = Optional.of(record.node());
      hasten();
    }
  }

  private void hasten() {
    if (!promise.future().isComplete()) {
      timer.ifPresent(Timers.Timer::cancel);
      propose();
    }
  }

  /** The gateway stops. */
  void abandon() {
    lastAnswer = "the gateway stops";
    giveUp();
  }

  private void propose() {
    write = write.servedBy(master.get());
    NodeId target = target();
    asking = Optional.of(target);
    int mine = ++attempt;
    bus.ask(Addresses.PROPOSE, target, write, bounds.answerWithin())
        .onComplete(
            answer -> {
              if (mine != attempt || promise.future().isComplete()) {
                return;
              }
              asking = Optional.empty();
              if (answer.succeeded()) {
                answered(answer.result());
              } else {
                unanswered(answer.cause());
              }
            });
  }

  private void answered(Sequenced answer) {
    answer
        .<Runnable>fold(
            at -> this::placed,
            notHere -> () -> notHere(notHere),
            full -> () -> full(full),
            unknown -> this::lost)
        .run();
  }

  private void placed() {
    placed = true;
    maybeTaken = true;
    whenPlaced.run();
    backoff = bounds.backoffMin();
    again(patience);
    patience = shorter(patience.multipliedBy(2), bounds.outcomeWithinMax());
  }

  private void notHere(Sequenced.NotHere answer) {
    lastAnswer = "no node sequences at present";
    Optional<SequencerRecord> newer = known.filter(one -> one.term().isAfter(answer.term()));
    // Who has not heard of its own election sends to the leader before, which may hang.
    Optional<NodeId> advice = newer.map(SequencerRecord::node).or(answer::ask);
    boolean news = advice.isPresent() && !advice.equals(advised);
    advised = advice;
    if (news) {
      again(bounds.backoffMin());
    } else {
      pause();
    }
  }

  private void full(Sequenced.Full answer) {
    lastAnswer = "the sequencer's queue of " + answer.writesMax() + " writes is full";
    pause();
  }

  private void lost() {
    maybeTaken = true;
    lastAnswer = "the sequencer did not learn what became of it";
    pause();
  }

  private void unanswered(Throwable cause) {
    maybeTaken |= !nobodyThere(cause);
    lastAnswer = "no sequencer answered";
    advised = Optional.empty();
    turn++;
    pause();
  }

  /** Waits a little, longer each time, and asks another node if the advice led nowhere. */
  private void pause() {
    if (advised.isEmpty()) {
      turn++;
    }
    again(backoff);
    backoff = shorter(backoff.multipliedBy(2), bounds.backoffMax());
  }

  private void again(Duration delay) {
    if (timers.nanos() - began
        >= (placed ? bounds.finishWithin() : bounds.placeWithin()).toNanos()) {
      giveUp();
    } else {
      timer = Optional.of(timers.after(delay, this::propose));
    }
  }

  private void giveUp() {
    timer.ifPresent(Timers.Timer::cancel);
    promise.tryFail(
        maybeTaken
            ? new OutcomeUnknownException(
                write.id(), "it is not known whether the write happened: " + lastAnswer)
            : new NotWrittenException("nothing was written: " + lastAnswer));
  }

  private static boolean nobodyThere(Throwable cause) {
    return cause instanceof BusException failure
        && failure.reason() == BusException.Reason.NOBODY_THERE;
  }

  /** Follows advice first, then the election, then everybody in turn. */
  private NodeId target() {
    List<NodeId> nodes = hint.nodes();
    NodeId inTurn = nodes.get(Math.floorMod(turn, nodes.size()));
    boolean tired = turn > 0 && turn % 2 == 1;
    return advised.or(() -> tired ? Optional.empty() : hint.sequencer()).orElse(inTurn);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
