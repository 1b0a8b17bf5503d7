package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a leader of the in-memory Raft knows in one term. */
final class Reign {
  /** An append that waits for its commit. */
  private record Waiting(Promise<LogIndex> promise, boolean isBarrier) {}

  /** A question for the head that waits for a majority to have heard this round. */
  private record Confirming(long round, Promise<LogIndex> promise) {}

  private final Member member;
  private final Term term;
  private final Map<NodeId, Long> next = new HashMap<>();
  private final Map<NodeId, Long> durable = new HashMap<>();
  private final Map<NodeId, Long> rounds = new HashMap<>();
  private final Set<NodeId> heard = new HashSet<>();
  private final TreeMap<Long, Waiting> pending = new TreeMap<>();
  private final List<Confirming> confirming = new ArrayList<>();
  private long barrier = -1;
  private boolean ready;
  private boolean interrupted;
  private long round;

  Reign(Member member) {
    this.member = member;
    this.term = member.term();
  }

  void begin() {
    others().forEach(other -> next.put(other, member.slots().last() + 1));
    heard.addAll(others());
    barrier = member.slots().add(Slot.own(term));
    spread();
  }

  /** Whoever waits never learns more from here: a later leader may commit it or not. */
  void end() {
    failPending(() -> new IllegalStateException("leadership of term " + term + " was lost"));
    confirming.forEach(
        waiting -> waiting.promise().tryFail(new OrderedLog.NotLeaderException(member.leader())));
    confirming.clear();
  }

  void failPending(Supplier<RuntimeException> cause) {
    if (!pending.isEmpty()) {
      interrupted = true;
    }
    List<Waiting> lost = List.copyOf(pending.values());
    pending.clear();
    lost.forEach(waiting -> waiting.promise().tryFail(cause.get()));
  }

  Future<LogIndex> append(Optional<Bytes> payload, Optional<RuntimeException> refusal) {
    boolean isBarrier = payload.isEmpty();
    if (interrupted && !isBarrier) {
      return Future.failedFuture(new OrderedLog.TermInterruptedException(term));
    }
    if (refusal.isPresent()) {
      interrupted = true;
      return Future.failedFuture(refusal.get());
    }
    Promise<LogIndex> promise = Promise.promise();
    long at = member.slots().add(new Slot(term, payload));
    pending.put(at, new Waiting(promise, isBarrier));
    spread();
    return promise.future();
  }

  /** As if nothing had failed. */
  void resume() {
    interrupted = false;
  }

  Future<LogIndex> confirm() {
    if (!ready) {
      return Future.failedFuture(new IllegalStateException("the term has only begun"));
    }
    Promise<LogIndex> promise = Promise.promise();
    round++;
    confirming.add(new Confirming(round, promise));
    others().forEach(this::replicate);
    confirmWhatWasHeard();
    return promise.future();
  }

  boolean heardByMajority() {
    return heard.size() + 1 >= member.cluster().majority();
  }

  void beat() {
    heard.clear();
    others().forEach(this::replicate);
  }

  void answered(Message.Appended answer) {
    NodeId by = answer.by();
    heard.add(by);
    rounds.merge(by, answer.round(), Math::max);
    if (answer.matches()) {
      durable.merge(by, answer.upTo(), Math::max);
      next.merge(by, answer.upTo() + 1, Math::max);
      advance();
      if (next.getOrDefault(by, 0L) <= member.slots().last()) {
        replicate(by);
      }
    } else {
      long retry = Math.max(answer.upTo() + 1, durable.getOrDefault(by, -1L) + 1);
      next.merge(by, retry, Math::min);
      replicate(by);
    }
    confirmWhatWasHeard();
  }

  private void spread() {
    member.flush(this::advance);
    others().forEach(this::replicate);
  }

  private void replicate(NodeId to) {
    SlotList slots = member.slots();
    long from = next.getOrDefault(to, 0L);
    if (from < slots.first()) {
      member
          .cluster()
          .send(member.self(), to, new Message.TooFarBehind(term, member.self(), slots.first()));
      return;
    }
    member
        .cluster()
        .send(
            member.self(),
            to,
            new Message.Append(
                term,
                member.self(),
                from - 1,
                slots.termAt(from - 1),
                slots.from(from, Member.SLOTS_PER_MESSAGE),
                member.commit(),
                round));
  }

  /** Only an entry of this term commits by counting (the Raft paper, 5.4.2). */
  private void advance() {
    if (!member.leads() || !member.term().equals(term)) {
      return;
    }
    List<Long> held = new ArrayList<>(durable.values());
    held.add(member.slots().durable());
    while (held.size() < member.cluster().size()) {
      held.add(-1L);
    }
    held.sort(java.util.Comparator.reverseOrder());
    long majority = held.get(member.cluster().majority() - 1);
    if (majority <= member.commit() || !member.slots().termAt(majority).equals(term)) {
      return;
    }
    member.commitUpTo(majority);
    completeUpTo(majority);
    if (!ready && barrier <= majority) {
      ready = true;
      member.announce(new LogIndex(barrier));
    }
  }

  private void completeUpTo(long majority) {
    while (!pending.isEmpty() && pending.firstKey() <= majority) {
      Map.Entry<Long, Waiting> done = pending.pollFirstEntry();
      if (done.getValue().isBarrier()) {
        interrupted = false;
      }
      done.getValue().promise().tryComplete(new LogIndex(done.getKey()));
    }
  }

  private void confirmWhatWasHeard() {
    List<Confirming> confirmed = new ArrayList<>();
    for (Confirming waiting : confirming) {
      long by = rounds.values().stream().filter(at -> at >= waiting.round()).count();
      if (by + 1 >= member.cluster().majority()) {
        confirmed.add(waiting);
      }
    }
    confirming.removeAll(confirmed);
    confirmed.forEach(waiting -> waiting.promise().tryComplete(new LogIndex(member.commit())));
  }

  private List<NodeId> others() {
    return member.cluster().nodes().stream().filter(node -> !node.equals(member.self())).toList();
  }
}
