package io.lockstep.applier;

import io.lockstep.bus.Addresses;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Seq;
import io.vertx.core.Future;

/** Tells others when this node's applier has come so far as they need. On any thread. */
final class Arrivals {
  private final Applier applier;
  private final OrderedLog log;

  Arrivals(Applier applier, OrderedLog log) {
    this.applier = applier;
    this.log = log;
  }

  /** This node's position, as soon as it is {@code seq} or later. */
  Future<Seq> at(Seq seq) {
    return applier.reached(seq, Addresses.REACHED_WITHIN).map(there -> applier.position().seq());
  }

  /** This node's position, as soon as it has every write that its log knows to be committed. */
  Future<Seq> settled() {
    LogIndex known = log.knownCommitted();
    boolean behind = known.isAfter(applier.position().index());
    return (behind ? log.lastPayload(known) : Future.succeededFuture(known))
        .compose(last -> applier.reached(last, Addresses.REACHED_WITHIN))
        .map(there -> applier.position().seq());
  }
}
