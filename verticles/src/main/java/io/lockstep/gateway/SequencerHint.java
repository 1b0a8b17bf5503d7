package io.lockstep.gateway;

import io.lockstep.model.NodeId;
import java.util.List;
import java.util.Optional;

/** Who is believed to sequence (invariant I1: a hint, never a proof). */
public interface SequencerHint {
  /** The node that the election names, if it names one. */
  Optional<NodeId> sequencer();

  /**
   * The node that is to sequence: it keeps its turn while another stands in for a moment. Empty
   * without a majority. On any thread.
   */
  Optional<NodeId> designated();

  /** Every configured node, to be asked in turn when the hint is wrong; never empty. */
  List<NodeId> nodes();
}
