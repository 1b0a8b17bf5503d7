package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
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

  /** How often the node has heard from a leader of its term in its present life. */
  public long signsOfLeader(NodeId node) {
    return member(node).signsOfLeader();
  }

  /** The index up to which the node knows entries to be committed. */
  public long commit(NodeId node) {
    return member(node).commit();
  }

  /** The last index that the node holds, committed or not. */
  public long last(NodeId node) {
    return member(node).slots().last();
  }

  /** What the node holds at an index, committed or not. */
  public Optional<Slot> slot(NodeId node, long index) {
    SlotList slots = member(node).slots();
    return slots.holds(index) ? Optional.of(slots.get(index)) : Optional.empty();
  }

  /** Whether the node has {@code slot} at this index on disk. */
  public boolean isDurable(NodeId node, long index, Slot slot) {
    SlotList slots = member(node).slots();
    boolean purged = index < slots.first();
    return index <= slots.durable() && (purged || slots.get(index).term().equals(slot.term()));
  }

  /** The node's term now, which may be newer than that of any leader. */
  public Term term(NodeId node) {
    return member(node).term();
  }

  /**
   * A deliberate fault: appends in whatever term the node leads, and as if no append had failed.
   */
  public Future<LogIndex> appendUnchecked(NodeId leader, Bytes payload) {
    return member(leader).appendUnchecked(payload);
  }

  /** A disk that lies: takes back up to {@code entries} that it had called written. */
  public void loseDurable(NodeId node, int entries) {
    member(node).loseDurable(entries);
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

  /** Every member's node. */
  public List<NodeId> nodes() {
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
