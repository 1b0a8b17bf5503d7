package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether all transactions that are open in the cluster keep each other waiting, as far as this
 * gateway can tell. On the gateway's context.
 */
final class MeetingPlace {
  /** Transactions that began before the sequencer changed are over by then. */
  static final Duration LEFT_WITHIN = Duration.ofSeconds(60);

  private final TransactionPlace place;
  private final SequencerHint hint;
  private final Timers timers;
  private Optional<NodeId> known = Optional.empty();
  private long since;

  MeetingPlace(TransactionPlace place, SequencerHint hint, Timers timers) {
    this.place = place;
    this.hint = hint;
    this.timers = timers;
  }

  /** Whether a transaction at this node's database meets every other one there. */
  boolean meetsAllAt(NodeId node) {
    Optional<NodeId> now = hint.sequencer();
    if (!now.equals(known)) {
      known = now;
      since = timers.nanos();
    }
    boolean settled = timers.nanos() - since >= LEFT_WITHIN.toNanos();
    boolean together = place == TransactionPlace.TOGETHER && settled;
    return hint.nodes().size() == 1 || (together && known.filter(node::equals).isPresent());
  }
}
