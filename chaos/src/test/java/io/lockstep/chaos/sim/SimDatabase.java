package io.lockstep.chaos.sim;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.applier.ReplicaDatabase.LastWrite;
import io.lockstep.applier.ReplicaDatabase.Recovered;
import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.model.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The database server of one node: it outlives the node's process, and when it crashes itself it
 * falls back to any moment between what was flushed and what was committed last. One client at a
 * time: whoever connects takes over, and what another client left open is undone.
 */
final class SimDatabase {
  private final Chance chance;
  private final Sabotage sabotage;
  private final List<Content> sinceFlush = new ArrayList<>();
  private Content committed = new Content(new ArrayList<>());
  private Optional<Content> open = Optional.empty();
  private long connection;
  private boolean up = true;

  SimDatabase(Chance chance, Sabotage sabotage) {
    this.chance = chance;
    this.sabotage = sabotage;
    sinceFlush.add(committed);
  }

  boolean isUp() {
    return up;
  }

  /** The server's process dies; returns how many commits are lost. */
  int crash() {
    up = false;
    connection++;
    open = Optional.empty();
    int kept = chance.below(sinceFlush.size());
    int lost = sinceFlush.size() - 1 - kept;
    Content survived = sinceFlush.get(kept);
    sinceFlush.subList(kept + 1, sinceFlush.size()).clear();
    Content newest = committed;
    committed = survived;
    if (sabotage == Sabotage.POSITION_APART_FROM_WRITES && lost > 0) {
      committed = survived.next();
      committed.store(
          new Bookkeeping(
              newest.position(),
              List.copyOf(newest.remembered().values()),
              io.lockstep.model.Seq.NONE,
              newest.nextIds(),
              java.util.Set.of(),
              newest.definitions(),
              java.util.Set.of()));
      sinceFlush.set(kept, committed);
    }
    committed.cutLaterRows();
    return lost;
  }

  void start() {
    up = true;
  }

  Content committed() {
    return committed;
  }

  /** A new connection, and what is stored; the connection before is gone. */
  long connect() {
    open = Optional.empty();
    committed.cutLaterRows();
    return ++connection;
  }

  boolean accepts(long client) {
    return up && client == connection;
  }

  Recovered recovered() {
    List<LastWrite> lastWrites =
        committed.remembered().values().stream()
            .sorted(Comparator.comparing(Remembered::seq))
            .map(last -> new LastWrite(last.id().session(), last.id().counter(), last.seq()))
            .toList();
    return new Recovered(
        committed.position(), lastWrites, committed.nextIds(), committed.definitions());
  }

  List<Outcome> execute(List<Execution> executions) {
    Content content = open.orElseGet(committed::next);
    open = Optional.of(content);
    if (sabotage == Sabotage.APPLY_OUT_OF_ORDER && executions.size() > 1 && chance.once(0.2)) {
      List<Execution> swapped = new ArrayList<>(executions);
      java.util.Collections.swap(swapped, 0, 1);
      List<Outcome> outcomes = new ArrayList<>(swapped.stream().map(content::run).toList());
      java.util.Collections.swap(outcomes, 0, 1);
      return outcomes;
    }
    return executions.stream().map(content::run).toList();
  }

  void commit(Bookkeeping bookkeeping) {
    Content content = open.orElseGet(committed::next);
    open = Optional.empty();
    content.store(bookkeeping);
    become(content);
  }

  void rollback() {
    open = Optional.empty();
    committed.cutLaterRows();
  }

  /** First step of a statement that commits by itself; like every definition change it flushes. */
  void intend(Execution execution) {
    rollback();
    Content content = committed.next();
    content.intend(Optional.of(execution));
    become(content);
    flush();
  }

  /** Second step: looks before it executes. */
  Outcome executeAlone(Execution execution) {
    if (committed.hasExecuted(execution.seq())) {
      return Outcome.Done.ok();
    }
    Content content = committed.next();
    Outcome outcome = content.run(execution);
    become(content);
    flush();
    return outcome;
  }

  /** Third step. */
  void finish(Outcome outcome, Function<Outcome, Bookkeeping> after) {
    Content content = committed.next();
    content.intend(Optional.empty());
    content.store(after.apply(outcome));
    become(content);
  }

  void flush() {
    sinceFlush.subList(0, sinceFlush.size() - 1).clear();
  }

  /** What the open transaction sees. */
  Content visible() {
    return open.orElse(committed);
  }

  private void become(Content content) {
    committed = content;
    sinceFlush.add(content);
  }
}
