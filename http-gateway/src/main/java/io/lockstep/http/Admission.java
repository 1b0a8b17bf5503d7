package io.lockstep.http;

import io.lockstep.load.Standing;
import io.lockstep.model.NodeId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a statement in, unless its gateway does not serve or too many are under way. */
final class Admission {
  private final NodeState node;
  private final int statementsMax;
  private final AtomicInteger underWay;

  Admission(NodeState node, int statementsMax, MeterRegistry metrics) {
    this.node = node;
    this.statementsMax = statementsMax;
    this.underWay =
        Optional.ofNullable(metrics.gauge("lockstep.http.statements", new AtomicInteger()))
            .orElseThrow();
  }

  /** Takes one place, to be given back by {@link #leave}; fails with a problem. */
  void enter() {
    Standing standing = node.gateway();
    if (!standing.serving()) {
      throw new ProblemException(notReady(node.node(), standing));
    }
    if (underWay.incrementAndGet() > statementsMax) {
      underWay.decrementAndGet();
      throw new ProblemException(
          ProblemType.BUSY, statementsMax + " statements are under way at this node");
    }
  }

  void leave() {
    underWay.decrementAndGet();
  }

  private static Problem notReady(NodeId node, Standing standing) {
    List<String> reasons = standing.notServing();
    String detail = "node " + node + " does not serve: " + String.join("; ", reasons);
    return new Problem(ProblemType.NOT_READY, detail, Optional.empty(), reasons);
  }
}
