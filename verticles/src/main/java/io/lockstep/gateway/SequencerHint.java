package io.lockstep.gateway;

import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Who is believed to sequence (invariant I1: a hint, never a proof). */
public interface SequencerHint {
  /** The node that the election names, if it names one. */
  Optional<NodeId> sequencer();

  /**
   * The node that is to sequence: it keeps its turn while another stands in for a moment. Empty
   * without a majority. On any thread.
   */
  Optional<NodeId> designated();

  /**
   * Calls {@code listener}, on any thread, when a node begins to sequence, as far as that is learnt
   * here without asking. One that only answers tells nothing.
   */
  default void onChange(Consumer<SequencerRecord> listener) {}

  /** Every configured node, to be asked in turn when the hint is wrong; never empty. */
  List<NodeId> nodes();
}
