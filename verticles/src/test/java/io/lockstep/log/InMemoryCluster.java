package io.lockstep.log;

import io.lockstep.model.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A small Raft inside one process, on one thread, without a clock or a random number of its own:
 * whoever owns it decides when messages arrive, disks have written, members stand for election and
 * leaders beat. Members' logs outlive crashes as far as they were on disk.
 */
public final class InMemoryCluster {
  private final Map<NodeId, Member> members = new LinkedHashMap<>();
  private final Surroundings surroundings;

  public InMemoryCluster(List<NodeId> nodes, Surroundings surroundings) {
    this.surroundings = surroundings;
    nodes.forEach(node -> members.put(node, new Member(node, this)));
  }

  /** A fresh door to a node's member, which is down until the door is opened. */
  public InMemoryOrderedLog log(NodeId node) {
    return new InMemoryOrderedLog(member(node));
  }

  /** The node stands for election, as after a timeout. */
  public void stand(NodeId node) {
    member(node).stand();
  }

  /** A leader speaks to its followers, and steps down when too few have answered since the last. */
  public void beat(NodeId node) {
    member(node).beat();
  }

  /** The process is gone; what was not on disk is lost, and what was asked is never answered. */
  public void crash(NodeId node) {
    member(node).crash();
  }

  /** What waits for its commit is told that nobody knows, though it may yet commit. */
  public void loseSightOfAppends(NodeId node) {
    member(node).failPending(() -> new IllegalStateException("timed out"));
  }

  /** The next append at this node is refused as too much. */
  public void refuseNext(NodeId node) {
    member(node).refuseNext();
  }

  /** Whether the node believes that it leads. */
  public boolean leads(NodeId node) {
    return member(node).leads();
  }

  /** Whether the node has a leader, itself included, as far as it knows. */
  public Optional<NodeId> leaderAt(NodeId node) {
    return member(node).leader();
  }

  /** The committed slots that a node keeps, oldest first, with the index of the oldest. */
  public void committed(NodeId node, Consumer<OrderedLog.Committed> each) {
    member(node).committed(each);
  }

  int size() {
    return members.size();
  }

  int majority() {
    return members.size() / 2 + 1;
  }

  List<NodeId> nodes() {
    return List.copyOf(members.keySet());
  }

  void send(NodeId from, NodeId to, Message message) {
    surroundings.carry(from, to, () -> member(to).receive(message));
  }

  void flush(NodeId node, Runnable done) {
    surroundings.flush(node, done);
  }

  Member member(NodeId node) {
    return Optional.ofNullable(members.get(node)).orElseThrow();
  }
}
