package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One member of the in-memory Raft: its durable term, vote and log, and while it is up, what it
 * believes. The names follow the Raft paper; what only a leader has is in {@link Reign}.
 */
final class Member {
  /** What a member is while its process runs. */
  private enum State {
    DOWN,
    FOLLOWER,
    CANDIDATE
  }

  /** A successor that is to take over, and whoever waits for it. */
  private record Transfer(NodeId successor, Promise<Void> promise) {}

  static final int SLOTS_PER_MESSAGE = 64;
  private static final int BEATS_FOR_A_TRANSFER = 5;

  private final NodeId self;
  private final InMemoryCluster cluster;

  // On disk.
  private final SlotList slots = new SlotList();
  private Term term = Term.NONE;
  private Optional<NodeId> votedFor = Optional.empty();

  // In memory.
  private State state = State.DOWN;
  private Optional<NodeId> leader = Optional.empty();
  private Optional<Reign> reign = Optional.empty();
  private Optional<OrderedLog.Listener> listener = Optional.empty();
  private final Set<NodeId> votes = new HashSet<>();
  private final Reading reading = new Reading(this);
  private long commit = -1;
  private long life;
  private boolean refuseNext;
  private long signsOfLeader;
  private Optional<Transfer> transfer = Optional.empty();
  private int transferBeats;

  Member(NodeId self, InMemoryCluster cluster) {
    this.self = self;
    this.cluster = cluster;
  }

  long open(LogIndex applied, OrderedLog.Listener heard) {
    state = State.FOLLOWER;
    commit = Math.min(applied.value(), slots.last());
    listener = Optional.of(heard);
    life++;
    heard.following(term, Optional.empty());
    return life;
  }

  /** Whether a door that was opened then is still the one in use. */
  boolean lives(long opened) {
    return state != State.DOWN && life == opened;
  }

  void crash() {
    state = State.DOWN;
    slots.crash();
    reign = Optional.empty();
    leader = Optional.empty();
    listener = Optional.empty();
    reading.forget();
    votes.clear();
    refuseNext = false;
    transfer = Optional.empty();
  }

  void close() {
    slots.flushAll();
    failPending(OrderedLog.ClosedException::new);
    reign.ifPresent(Reign::end);
    reading.fail(new OrderedLog.ClosedException());
    endTransfer(new OrderedLog.ClosedException());
    crash();
  }

  void stand() {
    if (state == State.DOWN || leads()) {
      return;
    }
    adopt(new Term(term.value() + 1));
    state = State.CANDIDATE;
    votedFor = Optional.of(self);
    votes.clear();
    votes.add(self);
    others(new Message.AskVote(term, self, slots.last(), slots.termAt(slots.last())));
    countVotes();
  }

  void beat() {
    transferBeats++;
    if (transferBeats > BEATS_FOR_A_TRANSFER) {
      endTransfer(new IllegalStateException("not taken over"));
    }
    reign.ifPresent(
        current -> {
          if (!current.heardByMajority()) {
            stepDown();
          } else {
            current.beat();
          }
        });
  }

  void receive(Message message) {
    if (state == State.DOWN) {
      return;
    }
    if (message instanceof Message.Append append) {
      append(append);
    } else if (message instanceof Message.Appended appended) {
      adoptIfNewer(appended.term());
      reign.filter(now -> appended.term().equals(term)).ifPresent(now -> now.answered(appended));
    } else if (message instanceof Message.AskVote ask) {
      vote(ask);
    } else if (message instanceof Message.Vote vote) {
      adoptIfNewer(vote.term());
      if (vote.granted() && vote.term().equals(term) && state == State.CANDIDATE) {
        votes.add(vote.by());
        countVotes();
      }
    } else if (message instanceof Message.TakeOver takeOver && takeOver.term().equals(term)) {
      stand();
    } else if (message instanceof Message.TooFarBehind behind && behind.term().equals(term)) {
      tooFarBehind(behind);
    }
  }

  /** The leader may only have missed the answers of a member that has everything. */
  private void tooFarBehind(Message.TooFarBehind behind) {
    long known = Math.min(commit, slots.durable());
    if (known >= behind.first() - 1) {
      cluster.send(self, behind.leader(), new Message.Appended(term, self, true, known, 0));
    } else {
      listener.ifPresent(heard -> heard.tooFarBehind(new LogIndex(behind.first())));
    }
  }

  Future<LogIndex> append(Term in, Optional<Bytes> payload) {
    if (reign.isEmpty() || !term.equals(in)) {
      return Future.failedFuture(
          new OrderedLog.NotLeaderException(leader.filter(other -> !other.equals(self))));
    }
    return reign.get().append(payload, refusal());
  }

  private Optional<RuntimeException> refusal() {
    if (transfer.isPresent()) {
      return Optional.of(new OrderedLog.HandingOverException());
    }
    boolean refused = refuseNext;
    refuseNext = false;
    return refused
        ? Optional.of(new OrderedLog.FullException("too much is pending"))
        : Optional.empty();
  }

  Future<LogIndex> appendUnchecked(Bytes payload) {
    reign.ifPresent(Reign::resume);
    return append(term, Optional.of(payload));
  }

  Future<LogIndex> confirmedHead() {
    return reign
        .map(Reign::confirm)
        .orElseGet(() -> Future.failedFuture(new OrderedLog.NotLeaderException(leader)));
  }

  Future<Void> transferTo(NodeId successor) {
    if (reign.isEmpty()) {
      return Future.failedFuture(new OrderedLog.NotLeaderException(leader));
    }
    if (successor.equals(self) || !cluster.nodes().contains(successor)) {
      return Future.failedFuture(new IllegalArgumentException("no successor: " + successor));
    }
    endTransfer(new IllegalStateException("asked again"));
    Promise<Void> promise = Promise.promise();
    transfer = Optional.of(new Transfer(successor, promise));
    transferBeats = 0;
    cluster.send(self, successor, new Message.TakeOver(term));
    return promise.future();
  }

  void purge(LogIndex applied) {
    slots.purgeTo(Math.min(applied.value(), Math.min(commit, slots.durable())));
  }

  void failPending(Supplier<RuntimeException> cause) {
    reign.ifPresent(now -> now.failPending(cause));
  }

  void refuseNext() {
    refuseNext = true;
  }

  long signsOfLeader() {
    return signsOfLeader;
  }

  void loseDurable(int entries) {
    long from = Math.max(slots.first(), slots.last() + 1 - entries);
    if (from <= slots.last()) {
      slots.truncateFrom(from);
    }
  }

  boolean leads() {
    return reign.isPresent();
  }

  Optional<NodeId> leader() {
    return leader;
  }

  NodeId self() {
    return self;
  }

  Term term() {
    return term;
  }

  SlotList slots() {
    return slots;
  }

  long commit() {
    return commit;
  }

  Reading reading() {
    return reading;
  }

  InMemoryCluster cluster() {
    return cluster;
  }

  void committed(Consumer<OrderedLog.Committed> each) {
    for (long at = slots.first(); at <= Math.min(commit, slots.last()); at++) {
      LogIndex index = new LogIndex(at);
      slots.get(at).payload().ifPresent(bytes -> each.accept(committed(index, bytes)));
    }
  }

  private static OrderedLog.Committed committed(LogIndex index, Bytes payload) {
    return new OrderedLog.Committed(index, payload);
  }

  /** Writes what was added last, then goes on. */
  void flush(Runnable then) {
    long upTo = slots.last();
    if (!slots.holds(upTo)) {
      then.run();
      return;
    }
    Slot slot = slots.get(upTo);
    long opened = life;
    cluster.flush(
        self,
        () -> {
          if (lives(opened)) {
            slots.flushed(upTo, slot);
            then.run();
          }
        });
  }

  void commitUpTo(long index) {
    if (index > commit) {
      commit = index;
      reading.serve();
    }
  }

  void announce(LogIndex barrier) {
    listener.ifPresent(heard -> heard.leading(term, barrier));
  }

  private void append(Message.Append append) {
    if (term.isAfter(append.term())) {
      answer(append, false, slots.last());
      return;
    }
    adoptIfNewer(append.term());
    state = State.FOLLOWER;
    follow(append.leader());
    signsOfLeader++;
    long before = append.before();
    if (before > slots.last()) {
      answer(append, false, slots.last());
      return;
    }
    if (before >= slots.first() && !slots.termAt(before).equals(append.beforeTerm())) {
      answer(append, false, before - 1);
      return;
    }
    take(before, append.slots());
    long upTo = before + append.slots().size();
    flush(
        () -> {
          if (append.term().equals(term)) {
            commitUpTo(Math.min(append.commit(), Math.min(upTo, slots.durable())));
            answer(append, true, upTo);
          }
        });
  }

  private void take(long before, List<Slot> coming) {
    long at = before;
    for (Slot slot : coming) {
      at++;
      if (at < slots.first()) {
        continue;
      }
      if (slots.holds(at)) {
        if (slots.get(at).term().equals(slot.term())) {
          continue;
        }
        if (at <= commit) {
          throw new IllegalStateException(self + " was to cut what is committed at " + at);
        }
        slots.truncateFrom(at);
      }
      slots.add(slot);
    }
  }

  private void answer(Message.Append append, boolean matches, long upTo) {
    cluster.send(
        self, append.leader(), new Message.Appended(term, self, matches, upTo, append.round()));
  }

  private void vote(Message.AskVote ask) {
    adoptIfNewer(ask.term());
    Term lastTerm = slots.termAt(slots.last());
    boolean upToDate =
        ask.lastTerm().isAfter(lastTerm)
            || (ask.lastTerm().equals(lastTerm) && ask.last() >= slots.last());
    boolean free = votedFor.isEmpty() || votedFor.get().equals(ask.candidate());
    boolean granted = ask.term().equals(term) && upToDate && free && reign.isEmpty();
    if (granted) {
      votedFor = Optional.of(ask.candidate());
    }
    cluster.send(self, ask.candidate(), new Message.Vote(term, self, granted));
  }

  private void countVotes() {
    if (votes.size() >= cluster.majority()) {
      state = State.FOLLOWER;
      leader = Optional.of(self);
      Reign begun = new Reign(this);
      reign = Optional.of(begun);
      begun.begin();
    }
  }

  private void follow(NodeId newLeader) {
    if (!leader.equals(Optional.of(newLeader))) {
      leader = Optional.of(newLeader);
      listener.ifPresent(heard -> heard.following(term, leader));
    }
    if (transfer.isPresent() && transfer.get().successor().equals(newLeader)) {
      transfer.get().promise().complete();
      transfer = Optional.empty();
    }
  }

  private void endTransfer(RuntimeException cause) {
    Optional<Transfer> ended = transfer;
    transfer = Optional.empty();
    ended.ifPresent(late -> late.promise().fail(cause));
  }

  private void adoptIfNewer(Term seen) {
    if (seen.isAfter(term)) {
      adopt(seen);
    }
  }

  private void adopt(Term newer) {
    term = newer;
    votedFor = Optional.empty();
    state = State.FOLLOWER;
    if (reign.isPresent()) {
      stepDown();
    } else {
      leader = Optional.empty();
    }
  }

  private void stepDown() {
    Optional<Reign> ended = reign;
    reign = Optional.empty();
    leader = Optional.empty();
    ended.ifPresent(Reign::end);
    listener.ifPresent(heard -> heard.following(term, leader));
  }

  private void others(Message message) {
    for (NodeId other : cluster.nodes()) {
      if (!other.equals(self)) {
        cluster.send(self, other, message);
      }
    }
  }
}
