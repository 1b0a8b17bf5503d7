package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.time.Duration;

/** Knows or learns how far a node's database has come. */
final class MasterProgress {
  private final Bus bus;
  private final LoadBoard board;

  MasterProgress(Bus bus, LoadBoard board) {
    this.bus = bus;
    this.board = board;
  }

  /** What the node was known to have applied some time ago: it has at least this. */
  Seq known(NodeId node) {
    return board.of(node).map(advert -> advert.progress().applied()).orElse(Seq.NONE);
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
        .recover(late -> Future.failedFuture(new BehindTokenException(seq, known(node))));
  }
}
