package io.lockstep.applier;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.model.Applied;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells gateways what became of their writes, when this node is the write's master, and answers
 * late askers from what is kept here or in the database. Only committed outcomes come here.
 */
final class Outcomes {
  /** Outcomes kept in memory; the last one of every session is in the database. */
  static final int KEPT_MAX = 8_192;

  private final NodeId self;
  private final Bus bus;
  private final ReplicaDatabase database;
  private final Map<WriteId, Applied> kept = new LinkedHashMap<>();

  Outcomes(NodeId self, Bus bus, ReplicaDatabase database) {
    this.self = self;
    this.bus = bus;
    this.database = database;
  }

  void publish(List<Settled> batch) {
    batch.forEach(
        settled ->
            settled
                .outcome()
                .ifPresentOrElse(
                    outcome -> publish(settled, outcome), () -> repeat(settled.placed().write())));
  }

  private void publish(Settled settled, Outcome outcome) {
    Write write = settled.placed().write();
    Seq seq = settled.placed().seq();
    Applied applied = new Applied(write.id(), seq, outcome);
    if (settled.decision().isFirstComing()) {
      keep(applied);
    }
    tell(write, applied);
  }

  private void tell(Write write, Applied applied) {
    if (write.master().equals(self)) {
      bus.tell(Addresses.OUTCOMES, write.gateway(), applied);
    }
  }

  /** The first outcome is the outcome (invariant I2). A gateway that hears nothing asks. */
  private void repeat(Write write) {
    if (write.master().equals(self)) {
      ask(write.id()).onSuccess(known -> known.ifPresent(applied -> tell(write, applied)));
    }
  }

  /** Result sets stay in the database: they are large and asked for twice only after a fault. */
  private void keep(Applied applied) {
    boolean small = applied.outcome().fold(done -> done.packets().isEmpty(), f -> true, r -> true);
    if (small) {
      kept.put(applied.id(), applied);
    }
    if (kept.size() > KEPT_MAX) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /** What became of a write that this node has applied; empty when it has not, or not lately. */
  Future<Optional<Applied>> ask(WriteId id) {
    Applied known = kept.get(id);
    return known != null
        ? Future.succeededFuture(Optional.of(known))
        : database
            .remembered(id)
            .map(
                found -> found.map(first -> new Applied(first.id(), first.seq(), first.outcome())));
  }

  /** The database fell back: what it no longer holds is not known any more. */
  void forgetAfter(Seq seq) {
    kept.values().removeIf(applied -> applied.seq().isAfter(seq));
  }
}
