package io.lockstep.runtime.cluster;

import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who should sequence and who does. The log alone decides who may (invariant I1): whoever
 * leads it stamps at once, and this class writes that into the record. Leadership then follows the
 * choice of the view, slowly and by push only: the leader itself hands over, to the first fit
 * member of its own view, when that view holds a majority and has not changed for {@link #CALM},
 * and not again within {@link #PAUSE}. Two nodes that pull leadership take it from each other many
 * times a second while their views differ. So one pulls once only for each node that has left its
 * view, and only from that one.
 *
 * <p>Plain state on one context; every method but {@link #preferred} is called there.
 */
public final class SequencerElection {
  /** How long a view and a reign must have stood before leadership is moved because of them. */
  public static final Duration CALM = Duration.ofSeconds(5);

  /** The least time between two handovers by the same node. */
  public static final Duration PAUSE = Duration.ofSeconds(30);

  /** How often a leader looks whether it is the one that should lead. */
  public static final Duration LOOK = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(SequencerElection.class);

  private final NodeId self;
  private final int configured;
  private final Membership membership;
  private final SequencerRecords records;
  private final Predicate<NodeId> fit;
  private final Function<NodeId, Future<Void>> handOver;
  private final Function<NodeId, Future<Void>> succeed;
  private final Timers timers;

  private volatile List<NodeId> view = List.of();
  private long viewSince;
  private long leadingSince;
  private long handedOverAt;
  private boolean handedOver;
  private Optional<Term> leading = Optional.empty();
  private Optional<SequencerRecord> standing = Optional.empty();
  private boolean stopped;

  /**
   * @param configured how many nodes are configured
   * @param fit whether a node may sequence: not draining, not lagging; asked on any thread
   * @param handOver asks the log to make another node its leader
   * @param succeed asks the log for this node's election if the given one led it, which is gone
   */
  public SequencerElection(
      NodeId self,
      int configured,
      Membership membership,
      SequencerRecords records,
      Predicate<NodeId> fit,
      Function<NodeId, Future<Void>> handOver,
      Function<NodeId, Future<Void>> succeed,
      Timers timers) {
    this.self = self;
    this.configured = configured;
    this.membership = membership;
    this.records = records;
    this.fit = fit;
    this.handOver = handOver;
    this.succeed = succeed;
    this.timers = timers;
  }

  /** Begins to look. */
  public void start() {
    viewChanged();
    lookLater();
  }

  public void stop() {
    stopped = true;
  }

  /** The node that should sequence; empty without a majority or a fit node. On any thread. */
  public Optional<NodeId> preferred() {
    List<NodeId> now = view;
    return now.size() * 2 > configured ? now.stream().filter(fit).findFirst() : Optional.empty();
  }

  /** Who stamps, as far as is known here. */
  public Optional<SequencerRecord> standing() {
    return standing;
  }

  /**
   * The view may have changed. A merge brings back records of a part, so the leader repeats its.
   */
  public void viewChanged() {
    List<NodeId> now = membership.view();
    if (!now.equals(view)) {
      view = now;
      viewSince = timers.nanos();
      LOG.info("The view is {} of {} nodes: {}", view.size(), configured, view);
      announce();
    }
  }

  /**
   * A node has left the view. If it led, the one that should sequence now need not wait until it
   * has been silent for long enough; the others do, so that votes are not split.
   */
  public void gone(NodeId node) {
    viewChanged();
    if (leading.isEmpty() && preferred().filter(self::equals).isPresent()) {
      succeed
          .apply(node)
          .onFailure(cause -> LOG.info("No election yet after {}: {}", node, cause.getMessage()));
    }
  }

  /** The log made this node its leader. */
  public void leading(Term term) {
    leading = Optional.of(term);
    leadingSince = timers.nanos();
    announce();
  }

  /** This node does not lead the log. */
  public void following() {
    leading = Optional.empty();
  }

  /** Somebody's record. */
  public void heard(SequencerRecord record) {
    if (standing.isEmpty() || record.replaces(standing.get())) {
      standing = Optional.of(record);
    }
  }

  private void announce() {
    leading.ifPresent(
        term -> {
          SequencerRecord own = new SequencerRecord(term, self);
          heard(own);
          records
              .offer(own)
              .onSuccess(this::heard)
              .onFailure(
                  cause -> LOG.debug("The sequencer's record is not written yet: {}", own, cause));
        });
  }

  private void lookLater() {
    timers.after(LOOK, this::look);
  }

  private void look() {
    if (stopped) {
      return;
    }
    viewChanged();
    if (leading.isPresent()) {
      if (!records.current().filter(this::isOwn).isPresent()) {
        announce();
      }
      preferred().filter(node -> !node.equals(self) && mayHandOver()).ifPresent(this::push);
    }
    lookLater();
  }

  private boolean isOwn(SequencerRecord record) {
    return record.node().equals(self) && leading.filter(record.term()::equals).isPresent();
  }

  private boolean mayHandOver() {
    long now = timers.nanos();
    // A reign that just began may have ended one of a node that the view does not miss yet.
    boolean calm = now - Math.max(viewSince, leadingSince) >= CALM.toNanos();
    boolean rested = !handedOver || now - handedOverAt >= PAUSE.toNanos();
    return calm && rested;
  }

  private void push(NodeId successor) {
    handedOver = true;
    handedOverAt = timers.nanos();
    LOG.info("Handing the order over to {}, the first fit node of the view {}", successor, view);
    handOver
        .apply(successor)
        .onFailure(
            cause -> LOG.info("{} did not take the order over: {}", successor, cause.getMessage()));
  }
}
