package io.lockstep.runtime.node;

import io.lockstep.applier.Applier;
import io.lockstep.http.NodeState;
import io.lockstep.load.DigestAt;
import io.lockstep.load.Progress;
import io.lockstep.load.SelfReport;
import io.lockstep.load.Standing;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import java.util.List;

/** What this node says of itself, to the others and to its operator. Answers on any thread. */
final class SelfView implements SelfReport, NodeState {
  private final Foundations on;
  private final LogWatch log;
  private final Applier applier;
  private final String version;

  SelfView(Foundations on, Order order, String version) {
    this.on = on;
    this.log = order.watch();
    this.applier = order.applier();
    this.version = version;
  }

  @Override
  public Progress progress() {
    LogWatch.Reign reign = log.reign();
    Seq applied = applier.position().seq();
    Seq known = applier.known();
    return Progress.of(
        reign.leads(), reign.term(), applied, known.isBefore(applied) ? applied : known);
  }

  @Override
  public Standing standing() {
    return on.health().standing();
  }

  @Override
  public Standing gateway() {
    return on.health().gateway();
  }

  @Override
  public List<DigestAt> checkpoints() {
    return applier.recentDigests();
  }

  @Override
  public NodeId node() {
    return on.self();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public List<NodeId> configured() {
    return on.nodes();
  }
}
