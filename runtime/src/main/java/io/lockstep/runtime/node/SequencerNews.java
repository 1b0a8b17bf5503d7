package io.lockstep.runtime.node;

import io.lockstep.gateway.SequencerHint;
import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.runtime.cluster.SequencerRecords;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where to propose: the cluster's record, or what this node's own log says when it is newer. */
final class SequencerNews implements SequencerHint {
  private final SequencerRecords records;
  private final LogWatch log;
  private final Supplier<Optional<NodeId>> designated;
  private final List<NodeId> nodes;

  SequencerNews(
      SequencerRecords records,
      LogWatch log,
      Supplier<Optional<NodeId>> designated,
      List<NodeId> nodes) {
    this.records = records;
    this.designated = designated;
    this.log = log;
    this.nodes = List.copyOf(nodes);
  }

  @Override
  public Optional<NodeId> sequencer() {
    LogWatch.Reign reign = log.reign();
    Optional<SequencerRecord> record =
        records.current().filter(known -> !reign.term().isAfter(known.term()));
    return record.map(SequencerRecord::node).or(reign::leader);
  }

  @Override
  public Optional<NodeId> designated() {
    return designated.get();
  }

  /** By the log alone: while a node hangs, the bus may tell of another one only seconds later. */
  @Override
  public void onChange(Consumer<SequencerRecord> listener) {
    log.onLeader(listener);
  }

  @Override
  public List<NodeId> nodes() {
    return nodes;
  }
}
