package io.lockstep.log;

import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The in-memory engine with a perfect network, driven to rest after every step. */
public final class InMemoryEngine implements LogEngine, Surroundings {
  private static final int STEPS_MAX = 100_000;

  private final List<NodeId> nodes = List.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3"));
  private final Queue<Runnable> due = new ArrayDeque<>();
  private final InMemoryCluster cluster = new InMemoryCluster(nodes, this);
  private final Map<NodeId, InMemoryOrderedLog> logs = new HashMap<>();
  private final Map<NodeId, HeardLeadership> heard = new HashMap<>();

  /** Three members, started. */
  public InMemoryEngine() {
    nodes.forEach(this::start);
  }

  /** The members themselves, to be disturbed. */
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public void carry(NodeId from, NodeId to, Runnable arrival) {
    due.add(arrival);
  }

  @Override
  public void flush(NodeId node, Runnable done) {
    due.add(done);
  }

  @Override
  public List<NodeId> nodes() {
    return nodes;
  }

  @Override
  public OrderedLog log(NodeId node) {
    return Optional.ofNullable(logs.get(node)).orElseThrow();
  }

  @Override
  public HeardLeadership heard(NodeId node) {
    return Optional.ofNullable(heard.get(node)).orElseThrow();
  }

  @Override
  public void elect(NodeId node) {
    run();
    cluster.stand(node);
    run();
    if (!heard(node).leads()) {
      throw new AssertionError(node + " does not lead");
    }
  }

  @Override
  public void kill(NodeId node) {
    cluster.crash(node);
  }

  @Override
  public void start(NodeId node) {
    start(node, new HeardLeadership());
  }

  /** As {@link #start(NodeId)}, and somebody else hears too. */
  public void start(NodeId node, HeardLeadership listener) {
    InMemoryOrderedLog log = cluster.log(node);
    logs.put(node, log);
    heard.put(node, listener);
    log.open(LogIndex.NONE, listener);
  }

  @Override
  public <T> T await(Future<T> future) {
    settle();
    if (!future.isComplete()) {
      throw new AssertionError("did not complete");
    }
    if (future.failed() && future.cause() instanceof RuntimeException cause) {
      throw cause;
    }
    return future.result();
  }

  @Override
  public void settle() {
    run();
    nodes.forEach(cluster::beat);
    run();
    nodes.forEach(cluster::beat);
    run();
  }

  @Override
  public void close() {
    logs.values().forEach(OrderedLog::close);
  }

  /** Delivers what is on its way until nothing is. */
  public void run() {
    for (int step = 0; !due.isEmpty(); step++) {
      if (step > STEPS_MAX) {
        throw new AssertionError("the members never come to rest");
      }
      due.remove().run();
    }
  }
}
