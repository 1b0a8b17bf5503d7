package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Nothing;
import io.lockstep.bus.Timers;
import io.lockstep.model.Head;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Learns where the committed log ends, confirmed with a quorum after the question. Those who ask
 * while a question is under way share the next one: nobody gets an answer to a question that was
 * put before the own. Lives on its gateway's context.
 */
final class LogHead {
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  static final Duration PAUSE = Duration.ofMillis(50);

  /** After this nothing strong can be read. */
  static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

  private final Bus bus;
  private final Timers timers;
  private final SequencerHint hint;
  private boolean asking;
  private Optional<Promise<Seq>> next = Optional.empty();

  LogHead(Bus bus, Timers timers, SequencerHint hint) {
    this.bus = bus;
    this.timers = timers;
    this.hint = hint;
  }

  /** The last write that anybody can have heard to be done. */
  Future<Seq> confirmed() {
    Promise<Seq> promise = next.orElseGet(Promise::promise);
    next = Optional.of(promise);
    begin();
    return promise.future();
  }

  private void begin() {
    if (asking || next.isEmpty()) {
      return;
    }
    Promise<Seq> promise = next.get();
    next = Optional.empty();
    asking = true;
    ask(promise, timers.nanos() + GIVE_UP_AFTER.toNanos(), 0);
  }

  private void ask(Promise<Seq> promise, long deadline, int attempt) {
    bus.ask(Addresses.HEAD, target(attempt), Nothing.NOTHING, ANSWER_WITHIN)
        .map(Head::seq)
        .onSuccess(seq -> done(() -> promise.complete(seq)))
        .onFailure(
            cause -> {
              if (timers.nanos() >= deadline) {
                done(() -> promise.fail(unknown()));
              } else {
                timers.after(PAUSE, () -> ask(promise, deadline, attempt + 1));
              }
            });
  }

  private void done(Runnable told) {
    asking = false;
    begin();
    told.run();
  }

  /** The election's word first, then everybody in turn. */
  private NodeId target(int attempt) {
    List<NodeId> nodes = hint.nodes();
    NodeId inTurn = nodes.get(attempt % nodes.size());
    return attempt % 2 == 0 ? hint.sequencer().orElse(inTurn) : inTurn;
  }

  private static ClientErrorException unknown() {
    return new ClientErrorException(
        MySqlError.notReady("no majority confirms where the order ends; nothing strong is read"));
  }
}
