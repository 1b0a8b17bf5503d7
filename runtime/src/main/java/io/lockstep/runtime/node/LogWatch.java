package io.lockstep.runtime.node;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Hears the log for the whole node: remembers who leads, tells the sequencer, and turns the log's
 * end into the node's. Called on any thread.
 */
final class LogWatch implements OrderedLog.Listener {
  /** What the log last said. */
  record Reign(Term term, boolean leads, Optional<NodeId> leader) {}

  private final NodeId self;
  private final Health health;
  private final OrderedLog.Listener sequencer;
  private final Consumer<Throwable> fatal;
  private final List<Consumer<SequencerRecord>> listeners = new CopyOnWriteArrayList<>();
  private volatile Reign reign = new Reign(Term.NONE, false, Optional.empty());

  LogWatch(NodeId self, Health health, OrderedLog.Listener sequencer, Consumer<Throwable> fatal) {
    this.self = self;
    this.health = health;
    this.sequencer = sequencer;
    this.fatal = fatal;
  }

  Reign reign() {
    return reign;
  }

  /** Is told of every node that leads, as soon as the log knows, on any thread. */
  void onLeader(Consumer<SequencerRecord> listener) {
    listeners.add(listener);
  }

  @Override
  public void leading(Term term, LogIndex barrier) {
    reign = new Reign(term, true, Optional.of(self));
    health.well(Health.Concern.QUORUM);
    sequencer.leading(term, barrier);
    tell(new SequencerRecord(term, self));
  }

  @Override
  public void following(Term term, Optional<NodeId> leader) {
    reign = new Reign(term, false, leader);
    if (leader.isPresent()) {
      health.well(Health.Concern.QUORUM);
    }
    sequencer.following(term, leader);
    leader.ifPresent(known -> tell(new SequencerRecord(term, known)));
  }

  private void tell(SequencerRecord record) {
    listeners.forEach(listener -> listener.accept(record));
  }

  @Override
  public void failed(Throwable cause) {
    health.trouble(Health.Concern.LOG, "the ordered log failed: " + cause.getMessage());
    fatal.accept(cause);
  }

  @Override
  public void tooFarBehind(LogIndex firstAvailable) {
    String reason =
        "the log of every other node begins at entry "
            + firstAvailable
            + ", after what this node has applied: rebuild it (stop it, empty its data folder's"
            + " database from another node's dump)";
    health.trouble(Health.Concern.LOG, reason);
    fatal.accept(new IllegalStateException(reason));
  }
}
