package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * Where transactions keep each other waiting: at the database of the node that is to sequence, also
 * while another stands in for it. And whether all that are open in the cluster do, as far as this
 * gateway can tell. On the gateway's context.
 */
final class MeetingPlace {
  /** Transactions that began before the place changed are over by then. */
  static final Duration LEFT_WITHIN = Duration.ofSeconds(60);

  private final TransactionPlace wanted;
  private final SequencerHint hint;
  private final Timers timers;
  private Optional<NodeId> known = Optional.empty();
  private long since;

  MeetingPlace(TransactionPlace wanted, SequencerHint hint, Timers timers) {
    this.wanted = wanted;
    this.hint = hint;
    this.timers = timers;
  }

  /** Whose database it is. */
  Optional<NodeId> place() {
    return hint.designated().or(hint::sequencer);
  }

  /** Whether a transaction at this node's database meets every other one there. */
  boolean meetsAllAt(NodeId node) {
    Optional<NodeId> now = place();
    if (!now.equals(known)) {
      known = now;
      since = timers.nanos();
    }
    boolean settled = timers.nanos() - since >= LEFT_WITHIN.toNanos();
    boolean together = wanted == TransactionPlace.TOGETHER && settled;
    return hint.nodes().size() == 1 || (together && known.filter(node::equals).isPresent());
  }
}
