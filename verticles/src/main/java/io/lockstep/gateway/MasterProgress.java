package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Knows or learns how far a node's database has come. */
final class MasterProgress {
  /** A database that crashes may come back with less: an answer is soon asked for again. */
  private static final Duration GOOD_FOR = Duration.ofMillis(250);

  private final Bus bus;
  private final LoadBoard board;
  private final Timers timers;
  private final Map<NodeId, Answer> answers = new HashMap<>();

  private record Answer(Seq applied, long nanos) {}

  private static Seq later(Seq one, Seq other) {
    return one.isAfter(other) ? one : other;
  }

  MasterProgress(Bus bus, LoadBoard board, Timers timers) {
    this.timers = timers;
    this.bus = bus;
    this.board = board;
  }

  /** What the node was known to have applied some time ago: it has at least this. */
  Seq known(NodeId node) {
    Seq told = board.of(node).map(advert -> advert.progress().applied()).orElse(Seq.NONE);
    Seq answered =
        Optional.ofNullable(answers.get(node))
            .filter(answer -> timers.nanos() - answer.nanos() < GOOD_FOR.toNanos())
            .map(Answer::applied)
            .orElse(Seq.NONE);
    return later(answered, told);
  }

  /** Completes with what the node has applied, once that is {@code seq} or more. */
  Future<Seq> reached(NodeId node, Seq seq) {
    return reached(node, seq, Addresses.REACHED_WITHIN.multipliedBy(2));
  }

  /** The same, but fails when that takes longer than {@code within}. */
  Future<Seq> reached(NodeId node, Seq seq, Duration within) {
    Seq known = known(node);
    if (!known.isBefore(seq)) {
      return Future.succeededFuture(known);
    }
    return bus.ask(Addresses.REACHED, node, seq, within)
        .onSuccess(applied -> answers.put(node, new Answer(applied, timers.nanos())))
        .recover(late -> Future.failedFuture(new BehindTokenException(seq, known(node), late)));
  }
}
