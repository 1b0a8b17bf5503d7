package io.lockstep.chaos.sim;

import io.lockstep.bus.LogEntryCodec;
import io.lockstep.log.InMemoryCluster;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One life's door to the in-memory log. It purges only what every node has applied, since nobody
 * here rebuilds a node, and it is where the log is sabotaged.
 */
final class SimLog implements OrderedLog {
  private static final LogEntryCodec CODEC = new LogEntryCodec();

  private final NodeId self;
  private final OrderedLog log;
  private final InMemoryCluster cluster;
  private final Laws laws;
  private final Map<NodeId, LogIndex> applied;
  private final Sabotage sabotage;
  private final Map<WriteId, Long> firstIndex = new HashMap<>();
  private final Set<Long> renamed = new HashSet<>();

  SimLog(
      NodeId self,
      InMemoryCluster cluster,
      Laws laws,
      Map<NodeId, LogIndex> applied,
      Sabotage sabotage) {
    this.self = self;
    this.log = cluster.log(self);
    this.cluster = cluster;
    this.laws = laws;
    this.applied = applied;
    this.sabotage = sabotage;
  }

  @Override
  public Future<Void> open(LogIndex upTo, Listener listener) {
    return log.open(upTo, listener);
  }

  @Override
  public Future<LogIndex> append(Term term, Bytes payload) {
    boolean accepted = cluster.leads(self) && cluster.term(self).equals(term);
    if (accepted) {
      laws.stampedBy(term, self);
    }
    if (sabotage == Sabotage.SKIP_INTERRUPTION && accepted) {
      return cluster.appendUnchecked(self, payload);
    }
    if (sabotage == Sabotage.SKIP_FENCE && !accepted) {
      Optional<NodeId> successor = cluster.nodes().stream().filter(cluster::leads).findFirst();
      if (successor.isPresent()) {
        return cluster.appendUnchecked(successor.get(), payload);
      }
    }
    return log.append(term, payload);
  }

  @Override
  public Future<LogIndex> barrier(Term term) {
    return log.barrier(term);
  }

  @Override
  public Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    if (sabotage == Sabotage.ACKNOWLEDGE_BEFORE_COMMIT) {
      List<Committed> early = uncommittedAfter(after);
      if (!early.isEmpty()) {
        return Future.succeededFuture(early);
      }
    }
    return log.read(after, entriesMax, bytesMax)
        .map(
            entries ->
                sabotage == Sabotage.SKIP_DEDUP
                    ? entries.stream().map(this::withFreshIds).toList()
                    : entries);
  }

  @Override
  public Future<Optional<Committed>> lastBefore(LogIndex before) {
    return log.lastBefore(before);
  }

  @Override
  public Future<LogIndex> confirmedHead() {
    return log.confirmedHead();
  }

  @Override
  public LogIndex knownCommitted() {
    return log.knownCommitted();
  }

  @Override
  public void applied(LogIndex durable) {
    applied.merge(self, durable, (one, other) -> one.isAfter(other) ? one : other);
    if (applied.size() == cluster.nodes().size()) {
      applied.values().stream().min(LogIndex::compareTo).ifPresent(log::applied);
    }
  }

  @Override
  public Future<Void> transferTo(NodeId successor) {
    return log.transferTo(successor);
  }

  @Override
  public Future<Void> close() {
    return log.close();
  }

  private List<Committed> uncommittedAfter(LogIndex after) {
    List<Committed> found = new ArrayList<>();
    for (long at = after.value() + 1; at <= cluster.last(self); at++) {
      LogIndex index = new LogIndex(at);
      cluster
          .slot(self, at)
          .flatMap(slot -> slot.payload())
          .ifPresent(payload -> found.add(new Committed(index, payload)));
    }
    return found;
  }

  private Committed withFreshIds(Committed entry) {
    LogEntry stamped = CODEC.decode(entry.payload());
    List<Write> writes = new ArrayList<>();
    long seq = stamped.firstSeq().value();
    for (Write write : stamped.writes()) {
      long place = seq;
      long first = firstIndex.computeIfAbsent(write.id(), id -> place);
      boolean again = first != seq || renamed.contains(seq);
      if (again) {
        renamed.add(seq);
      }
      writes.add(again ? Writes.renamed(write, (int) seq) : write);
      seq++;
    }
    return new Committed(
        entry.index(), CODEC.bytes(new LogEntry(stamped.term(), stamped.firstSeq(), writes)));
  }
}
