package io.lockstep.chaos.sim;

import io.lockstep.applier.Applier;
import io.lockstep.applier.ApplierPorts;
import io.lockstep.applier.DatabaseFellBackException;
import io.lockstep.bus.Addresses;
import io.lockstep.gateway.IntakeBounds;
import io.lockstep.gateway.SequencerHint;
import io.lockstep.gateway.WriteIntake;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.lockstep.sequencer.Sequencer;
import io.lockstep.sequencer.SequencerBounds;
import io.lockstep.sequencer.SequencerMetrics;
import io.lockstep.sequencer.SequencerPorts;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** One life of a node: the real stages, wired as a node wires them, over simulated surroundings. */
final class SimNode implements OrderedLog.Listener, SequencerHint {
  private final SimCluster cluster;
  private final NodeId self;
  private final SimLife life;
  private final SimConnection connection;
  private final SimBus bus;
  private final SimLog log;
  private final Applier applier;
  private final Sequencer sequencer;
  private final WriteIntake intake;
  private Optional<SequencerRecord> record = Optional.empty();
  private Seq begunAt = Seq.NONE;
  private boolean serving;

  SimNode(SimCluster cluster, NodeId self, SequencerBounds bounds, IntakeBounds patience) {
    this.cluster = cluster;
    this.self = self;
    this.life = new SimLife(cluster.time());
    cluster.network().begin(self, life);
    this.bus = new SimBus(self, life, cluster.network(), cluster.buses(), cluster.sabotage());
    this.connection = cluster.connection(self, life);
    this.log = cluster.log(self);
    this.applier =
        new Applier(
            new ApplierPorts(self, log, connection, bus, life, life),
            cluster.meters(),
            this::broken);
    this.sequencer =
        new Sequencer(
            new SequencerPorts(
                self,
                log,
                bus,
                life,
                life,
                () -> applier.position().seq(),
                () -> true,
                this::broken),
            bounds,
            new SequencerMetrics(cluster.meters()));
    this.intake = new WriteIntake(bus, life, this, patience);
  }

  void begin() {
    applier.recover().compose(this::open).onFailure(this::broken);
  }

  private Future<Void> open(Position position) {
    begunAt = position.seq();
    bus.hear(Addresses.SEQUENCER_RECORD, this::heard);
    return sequencer
        .start()
        .compose(started -> log.open(position.index(), this))
        .compose(opened -> applier.start())
        .compose(applying -> intake.start())
        .onSuccess(
            heard -> {
              serving = true;
              cluster.story().tell(self, "serves after seq " + position.seq());
            });
  }

  private void heard(SequencerRecord heard) {
    if (record.isEmpty() || heard.replaces(record.get())) {
      record = Optional.of(heard);
    }
  }

  @Override
  public void leading(Term term, LogIndex barrier) {
    cluster.story().tell(self, "leads the log in term " + term);
    life.execute(() -> sequencer.leading(term, barrier));
    life.execute(() -> intake.sequencedBy(new SequencerRecord(term, self)));
  }

  @Override
  public void following(Term term, Optional<NodeId> leader) {
    life.execute(() -> sequencer.following(term, leader));
    leader
        .map(known -> new SequencerRecord(term, known))
        .ifPresent(record -> life.execute(() -> intake.sequencedBy(record)));
  }

  @Override
  public void failed(Throwable cause) {
    broken(cause);
  }

  @Override
  public void tooFarBehind(LogIndex firstAvailable) {
    broken(new OrderedLog.PurgedException(firstAvailable));
  }

  /**
   * No fault of the simulation is so long or so deep that a stage may give up for it, but one: a
   * process that began after a position that was not yet on disk cannot know what came before it
   * when the database loses that position. It stops and begins again.
   */
  private void broken(Throwable cause) {
    if (cause instanceof DatabaseFellBackException && lostWhatItBeganWith()) {
      cluster.story().tell(self, "stops: " + cause);
      cluster.crash(self);
      cluster.restart(self);
      return;
    }
    cluster.laws().breakBy("fail-stop", self + " stops: " + cause);
  }

  private boolean lostWhatItBeganWith() {
    return cluster.database(self).committed().position().seq().isBefore(begunAt);
  }

  @Override
  public Optional<NodeId> designated() {
    return sequencer();
  }

  @Override
  public Optional<NodeId> sequencer() {
    return record.map(SequencerRecord::node);
  }

  @Override
  public List<NodeId> nodes() {
    return cluster.nodes();
  }

  boolean isServing() {
    return serving && !life.isDead();
  }

  SimLife life() {
    return life;
  }

  SimBus bus() {
    return bus;
  }

  SimConnection connection() {
    return connection;
  }

  Applier applier() {
    return applier;
  }

  WriteIntake intake() {
    return intake;
  }
}
