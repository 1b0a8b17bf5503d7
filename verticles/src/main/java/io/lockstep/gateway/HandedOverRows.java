package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.model.HandedOver;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Rows whose locks were let go at a database because their write has its place and is about to be
 * applied there. Who takes such a lock first sees what that write is about to change, and is in its
 * way until it is found there ({@link Branches#makeWay}): so who has it makes way at once, and who
 * is yet to ask for it waits for the write. A matter of chances, as {@link Handover} is: what is
 * missed is found by the applier. Lives on the gateway's context.
 */
final class HandedOverRows {
  /** What was let go longer ago is applied by now, or the applier has seen to it. */
  static final Duration FRESH = Duration.ofMillis(100);

  /** More transactions than contend within that time. */
  static final int KEPT_MAX = 128;

  private record Heard(HandedOver letGo, long at) {}

  private final Bus bus;
  private final Timers timers;
  private final Branches branches;
  private final Function<NodeId, Future<Seq>> applied;
  private final Deque<Heard> heard = new ArrayDeque<>();

  /**
   * @param applied answers when a node has applied all that its log has committed, or fails
   */
  HandedOverRows(Bus bus, Timers timers, Branches branches, Function<NodeId, Future<Seq>> applied) {
    this.bus = bus;
    this.timers = timers;
    this.branches = branches;
    this.applied = applied;
  }

  /** Tells all gateways, this one too. More rows than can be named are not worth telling. */
  void letGo(NodeId node, Set<Integer> rows) {
    if (!rows.isEmpty() && rows.size() <= HandedOver.ROWS_MAX) {
      bus.publish(Addresses.HANDED_OVER, new HandedOver(node, List.copyOf(rows)));
    }
  }

  void hear(HandedOver letGo) {
    heard.addLast(new Heard(letGo, timers.nanos()));
    if (heard.size() > KEPT_MAX) {
      heard.removeFirst();
    }
    branches.makeWay(letGo);
  }

  private boolean awaits(NodeId node, Supplier<Set<Integer>> rows) {
    while (!heard.isEmpty() && timers.nanos() - heard.getFirst().at() > FRESH.toNanos()) {
      heard.removeFirst();
    }
    if (heard.stream().noneMatch(one -> one.letGo().node().equals(node))) {
      return false;
    }
    Set<Integer> asked = rows.get();
    return heard.stream()
        .map(Heard::letGo)
        .anyMatch(one -> one.node().equals(node) && !Collections.disjoint(asked, one.rows()));
  }

  /** The same for a session's transaction; who is about to read without a lock is in no way. */
  Future<Void> passed(Session session, BranchUse use) {
    return use == BranchUse.SNAPSHOT
        ? Future.succeededFuture()
        : passed(session.mastership().node(), session.transaction().journal());
  }

  /**
   * When no write of its rows is yet to be applied there, as far as can be told: a node that has
   * died does not answer, and nothing rests on it.
   */
  Future<Void> passed(NodeId node, Journal journal) {
    if (!awaits(node, journal.guessed()::rows)) {
      return Future.succeededFuture();
    }
    journal.contended();
    long asked = timers.nanos();
    Promise<Void> over = Promise.promise();
    Timers.Timer timer = timers.after(FRESH, over::tryComplete);
    applied
        .apply(node)
        .onSuccess(
            all -> heard.removeIf(one -> one.letGo().node().equals(node) && one.at() - asked <= 0))
        .onComplete(known -> over.tryComplete());
    return over.future().onComplete(known -> timer.cancel());
  }
}
