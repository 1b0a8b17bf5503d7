package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.model.Applied;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gets writes ordered and waits for their outcomes (invariants I3 and I4). It proposes to the node
 * that is believed to sequence, follows hints, and proposes the same write again under the same id
 * whenever it does not know what became of it: appliers execute an id once and answer a repetition
 * with the first outcome.
 *
 * <p>Lives on one context, the one that calls {@link #start}. Simulated.
 */
public final class WriteIntake {
  private final Bus bus;
  private final Timers timers;
  private final SequencerHint hint;
  private final IntakeBounds bounds;
  private final Map<WriteId, Proposal> inFlight = new HashMap<>();
  private Seq acknowledged = Seq.NONE;
  private Seq defined = Seq.NONE;
  private Optional<Bus.Registration> outcomes = Optional.empty();
  private Optional<SequencerRecord> sequencer = Optional.empty();

  public WriteIntake(Bus bus, Timers timers, SequencerHint hint, IntakeBounds bounds) {
    this.bus = bus;
    this.timers = timers;
    this.hint = hint;
    this.bounds = bounds;
  }

  /** Begins to hear outcomes. */
  public Future<Void> start() {
    return bus.hear(Addresses.OUTCOMES, this::applied)
        .onSuccess(registration -> outcomes = Optional.of(registration))
        .mapEmpty();
  }

  /** As {@link #submit(Write, Supplier, Runnable)}, for a write whose master stays the same. */
  public Future<Applied> submit(Write write) {
    return submit(write, write::master);
  }

  /** As {@link #submit(Write, Supplier, Runnable)}, for who waits for the outcome alone. */
  public Future<Applied> submit(Write write, Supplier<NodeId> master) {
    return submit(write, master, () -> {});
  }

  /**
   * Orders a write and completes with the outcome at its master. A write whose id is under way
   * already is the same write: it gets the same outcome.
   *
   * <p>Fails with {@link NotWrittenException} when certainly nothing was written, and with {@link
   * OutcomeUnknownException} when the bound was reached without knowing.
   *
   * @param master asked before every proposal: whose outcome counts now
   * @param placed called when the log has it, at most once for each proposal; the outcome may come
   *     without
   */
  public Future<Applied> submit(Write write, Supplier<NodeId> master, Runnable placed) {
    Optional<Proposal> same = Optional.ofNullable(inFlight.get(write.id()));
    if (same.isPresent()) {
      return same.get().outcome();
    }
    if (inFlight.size() >= bounds.inFlightMax()) {
      return Future.failedFuture(
          new NotWrittenException(
              "nothing was written: "
                  + bounds.inFlightMax()
                  + " writes are under way at this gateway"));
    }
    Proposal proposal = new Proposal(bus, timers, hint, sequencer, bounds, write, master, placed);
    inFlight.put(write.id(), proposal);
    return proposal
        .begin()
        .onSuccess(applied -> acknowledged(write, applied.seq()))
        .eventually(() -> forget(write.id()));
  }

  /** The last place of a write whose outcome this gateway has given. */
  Seq acknowledged() {
    return acknowledged;
  }

  /** The same of a definition, or of a change of accounts and their privileges. */
  Seq defined() {
    return defined;
  }

  private void acknowledged(Write write, Seq seq) {
    acknowledged = seq.isAfter(acknowledged) ? seq : acknowledged;
    defined = write.kind().changesDefinitions() && seq.isAfter(defined) ? seq : defined;
  }

  /** A node has left the group: what waits for its outcome is proposed for another master. */
  public void gone(NodeId node) {
    List.copyOf(inFlight.values()).forEach(proposal -> proposal.gone(node));
  }

  /** What waits for another node than the one that sequences now is proposed to this one. */
  public void sequencedBy(SequencerRecord record) {
    sequencer = Optional.of(record);
    List.copyOf(inFlight.values()).forEach(proposal -> proposal.sequencedBy(record));
  }

  /** Writes that wait for their place or their outcome. */
  public int inFlight() {
    return inFlight.size();
  }

  /** Stops hearing; what is in flight ends as unknown. */
  public Future<Void> stop() {
    List.copyOf(inFlight.values()).forEach(Proposal::abandon);
    return outcomes.map(Bus.Registration::cancel).orElseGet(Future::succeededFuture);
  }

  private void applied(Applied applied) {
    Optional.ofNullable(inFlight.get(applied.id())).ifPresent(write -> write.finished(applied));
  }

  private Future<Void> forget(WriteId id) {
    inFlight.remove(id);
    return Future.succeededFuture();
  }
}
