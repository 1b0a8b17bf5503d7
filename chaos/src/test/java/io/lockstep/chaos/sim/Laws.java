package io.lockstep.chaos.sim;

import io.lockstep.bus.LogEntryCodec;
import io.lockstep.log.InMemoryCluster;
import io.lockstep.log.Slot;
import io.lockstep.model.Applied;
import io.lockstep.model.LogEntry;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold after every event, whatever was lost, late, doubled, paused or killed:
 *
 * <ul>
 *   <li><b>I1</b> what is committed is on the disks of a majority, is the same on every node, and
 *       was stamped by the one leader of its term; the stamps have no gap; what a client was told
 *       is committed.
 *   <li><b>I2</b> every database has executed a prefix of one sequence ({@link Executions}).
 *   <li><b>I4</b> what a client was told to have failed never happens; what it was told to have
 *       happened has happened in just that way.
 * </ul>
 */
final class Laws {
  private static final LogEntryCodec CODEC = new LogEntryCodec();

  private final Map<Term, NodeId> stampers = new HashMap<>();
  private final List<Slot> log = new ArrayList<>();
  private final Map<NodeId, Long> compared = new HashMap<>();
  private final List<Write> order = new ArrayList<>();
  private final Executions executions = new Executions(order);
  private final Set<String> toldFailed = new HashSet<>();
  private Optional<Violation> broken = Optional.empty();
  private int acknowledged;
  private int failed;
  private int unknown;

  /** The log of a node took an append in this term. */
  void stampedBy(Term term, NodeId node) {
    NodeId first = stampers.computeIfAbsent(term, unseen -> node);
    if (!first.equals(node)) {
      breakBy("I1", first + " and " + node + " both stamp in term " + term);
    }
  }

  /** A client was told that its write is done, or that the order or the database refused it. */
  void acknowledged(Write write, Applied applied) {
    acknowledged++;
    String meaning = Writes.meaning(write);
    long seq = applied.seq().value();
    if (seq < 1
        || seq > order.size()
        || !Writes.meaning(order.get((int) seq - 1)).equals(meaning)) {
      breakBy("I1", meaning + " was acknowledged at " + seq + ", which is not committed so");
      return;
    }
    Optional<Content.Row> row = executions.of(meaning);
    // A conflict was executed, and undone; every other refusal comes before any execution.
    boolean refused =
        applied.outcome() instanceof Outcome.Refused refusal
            && refusal.reason() != Outcome.Refused.Reason.CONFLICT;
    if (refused) {
      neverToHappen(meaning, "was refused");
    } else if (row.isEmpty()) {
      breakBy("I3", meaning + " was acknowledged but is applied nowhere");
    } else if (!row.get().outcome().equals(applied.outcome())
        || !row.get().seq().equals(applied.seq())) {
      breakBy("I4", meaning + " did " + row.get() + " but the client was told " + applied);
    }
  }

  /** A client was told that nothing happened. */
  void failed(Write write) {
    failed++;
    neverToHappen(Writes.meaning(write), "was called failed");
  }

  /** A client was told that nobody knows. */
  void unknown() {
    unknown++;
  }

  private void neverToHappen(String meaning, String why) {
    toldFailed.add(meaning);
    if (executions.of(meaning).isPresent()) {
      breakBy("I4", meaning + " " + why + " but was applied");
    }
  }

  /** Looks at whatever has changed since the last look. */
  void check(InMemoryCluster cluster, Map<NodeId, SimDatabase> databases) {
    for (NodeId node : cluster.nodes()) {
      compareLog(cluster, node);
    }
    databases.forEach(
        (node, database) ->
            executions
                .compare(node, database.committed(), toldFailed)
                .ifPresent(violation -> broken = broken.or(() -> Optional.of(violation))));
    broken.ifPresent(
        violation -> {
          throw violation;
        });
  }

  private void compareLog(InMemoryCluster cluster, NodeId node) {
    long commit = cluster.commit(node);
    long from = compared.getOrDefault(node, -1L) + 1;
    for (long at = from; at <= commit; at++) {
      Optional<Slot> held = cluster.slot(node, at);
      if (at < log.size()) {
        Slot known = log.get((int) at);
        if (held.isPresent() && !held.get().equals(known)) {
          breakBy("I1", node + " has another entry committed at " + at);
        }
      } else if (held.isEmpty()) {
        breakBy("I1", node + " has committed " + at + " without holding it");
        return;
      } else {
        committed(cluster, at, held.get());
      }
      compared.put(node, at);
    }
  }

  private void committed(InMemoryCluster cluster, long at, Slot slot) {
    long disks = cluster.nodes().stream().filter(node -> cluster.isDurable(node, at, slot)).count();
    if (disks <= cluster.nodes().size() / 2) {
      breakBy("I1", "entry " + at + " is committed but on " + disks + " disks only");
    }
    log.add(slot);
    slot.payload()
        .map(CODEC::decode)
        .ifPresent(
            entry -> {
              stampsFollow(at, slot, entry);
              order.addAll(entry.writes());
            });
  }

  private void stampsFollow(long at, Slot slot, LogEntry entry) {
    if (!entry.term().equals(slot.term())) {
      breakBy("I1", "entry " + at + " of term " + entry.term() + " lies in term " + slot.term());
    }
    if (entry.firstSeq().value() != order.size() + 1) {
      breakBy("I1", "entry " + at + " begins with " + entry.firstSeq() + " after " + order.size());
    }
  }

  /** Something that must never happen has happened. */
  void breakBy(String law, String what) {
    if (broken.isEmpty()) {
      broken = Optional.of(new Violation(law, what));
    }
  }

  /** Writes that have a place. */
  int placed() {
    return order.size();
  }

  String summary() {
    return order.size()
        + " placed, "
        + executions.count()
        + " executed, "
        + acknowledged
        + " acknowledged, "
        + failed
        + " failed, "
        + unknown
        + " unknown";
  }

  int acknowledgedCount() {
    return acknowledged;
  }
}
