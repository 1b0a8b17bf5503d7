package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One attempt to run neighbouring writes as one database transaction. All decisions and counters go
 * into a draft: a batch that fails is dropped, and a new one made of the same writes comes to the
 * same decisions.
 */
final class Batch {
  private record Item(PlacedWrite placed, Decision decision) {
    Write write() {
      return placed.write();
    }
  }

  private final ReplicaDatabase database;
  private final ReplicatedState state;
  private final List<PlacedWrite> writes;
  private final List<Item> items = new ArrayList<>();
  private final List<Execution> pending = new ArrayList<>();
  private final Map<Seq, Outcome> outcomes = new HashMap<>();
  private final List<Settled> settled = new ArrayList<>();
  private final Draft draft;
  private final IdDraws ids;

  Batch(ReplicaDatabase database, ReplicatedState state, List<PlacedWrite> writes) {
    this.database = database;
    this.state = state;
    this.writes = writes;
    this.draft = new Draft(state);
    this.ids = new IdDraws(database, draft);
    writes.forEach(this::decide);
  }

  private void decide(PlacedWrite placed) {
    Decision decision = Decision.of(placed.write(), placed.seq(), draft);
    items.add(new Item(placed, decision));
    if (decision.isFirstComing()) {
      draft.recognise(placed.write().id(), placed.seq());
    }
  }

  /** Whether the one write of this batch commits by itself. */
  boolean alone() {
    return items.get(0).decision() == Decision.ALONE;
  }

  /** Whether the one write of this batch asks for checksums of the state after it. */
  boolean checkpoint() {
    return items.get(0).decision() == Decision.CHECKPOINT;
  }

  /** Executes what is to be executed; the transaction stays open. */
  Future<Void> execute() {
    return prepareFrom(0);
  }

  private Future<Void> prepareFrom(int from) {
    for (int i = from; i < items.size(); i++) {
      Item item = items.get(i);
      if (item.decision() != Decision.TOGETHER) {
        continue;
      }
      if (item.write().kind() == WriteKind.TRANSACTION) {
        return stepsThen(i, transactions(i));
      }
      Optional<IdDraw> draw = item.write().draw();
      if (item.write().kind() == WriteKind.IDS_UNUSED) {
        outcomes.put(item.placed().seq(), ids.giveBack(draw.orElseThrow()));
        continue;
      }
      if (draw.isPresent() && ids.mustLook(draw.get())) {
        return lookThen(draw.get(), i);
      }
      if (item.write().kind() == WriteKind.IDS) {
        outcomes.put(item.placed().seq(), ids.drawBehind(draw.orElseThrow()));
        continue;
      }
      Optional<Outcome> exhausted = draw.flatMap(ids::exhausted);
      if (exhausted.isPresent()) {
        outcomes.put(item.placed().seq(), exhausted.get());
        continue;
      }
      pending.add(execution(item));
      if (draw.filter(ids::mustReread).isPresent()) {
        return lookThen(draw.get(), i + 1);
      }
    }
    return runPending();
  }

  /** What was prepared runs first, so that the rows are those of this place in the order. */
  private Future<Void> lookThen(IdDraw draw, int next) {
    return runPending().compose(ran -> ids.look(draw)).compose(looked -> prepareFrom(next));
  }

  /** Neighbouring transactions, from this one on. */
  private List<Item> transactions(int from) {
    return items.subList(from, items.size()).stream()
        .takeWhile(
            item ->
                item.decision() != Decision.TOGETHER
                    || item.write().kind() == WriteKind.TRANSACTION)
        .toList();
  }

  /** Transactions' answers are judged before what follows them is sent. */
  private Future<Void> stepsThen(int from, List<Item> neighbours) {
    List<Item> run =
        neighbours.stream().filter(item -> item.decision() == Decision.TOGETHER).toList();
    List<Execution> executions =
        run.stream()
            .map(item -> new Execution(item.placed().seq(), item.write(), OptionalLong.empty()))
            .toList();
    return runPending()
        .compose(ran -> database.executeSteps(executions))
        .compose(
            answers -> {
              for (int i = 0; i < run.size(); i++) {
                Item item = run.get(i);
                outcomes.put(item.placed().seq(), answers.get(i));
                ids.named(item.write());
                ids.written(item.write());
              }
              return prepareFrom(from + neighbours.size());
            });
  }

  private Execution execution(Item item) {
    OptionalLong insertId = item.write().draw().map(ids::draw).orElse(OptionalLong.empty());
    return new Execution(item.placed().seq(), item.write(), insertId);
  }

  private Future<Void> runPending() {
    if (pending.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Execution> group = List.copyOf(pending);
    pending.clear();
    return database
        .execute(group)
        .map(
            answers -> {
              for (int i = 0; i < group.size(); i++) {
                Execution one = group.get(i);
                outcomes.put(one.seq(), returned(one, answers.get(i)));
              }
              return null;
            });
  }

  /**
   * A result set tells rows and no id; the first that was drawn is that of the session's INSERT.
   */
  private static Outcome returned(Execution execution, Outcome outcome) {
    boolean drew = execution.write().draw().filter(draw -> draw.drawn() > 0).isPresent();
    return outcome.fold(
        done ->
            drew && done.returnedRows()
                ? done.withLastInsertId(execution.insertId().orElse(0))
                : done,
        failed -> failed,
        refused -> refused);
  }

  /** What is to be stored with the writes, now that every outcome is known. */
  Bookkeeping settle() {
    for (Item item : items) {
      Seq seq = item.placed().seq();
      Optional<Outcome> outcome = outcome(item);
      if (item.write().kind() == WriteKind.TABLE_LOCKS && item.decision() == Decision.TOGETHER) {
        draft.tablesLocked(item.write().schemas(), seq);
      }
      long before = draft.position().digest();
      long digest =
          outcome
              .map(known -> OutcomeDigest.after(before, seq, item.write(), known))
              .orElseGet(() -> OutcomeDigest.afterRepetition(before, seq));
      if (item.decision().isFirstComing()) {
        outcome.ifPresent(known -> draft.remember(item.write().id(), seq, known));
      }
      draft.advance(seq, item.placed().wholeEntries(), digest);
      settled.add(new Settled(item.placed(), item.decision(), outcome, digest));
    }
    return draft.bookkeeping();
  }

  /** Runs the one write of this batch that commits by itself. Bookkeeping is stored with it. */
  Future<Bookkeeping> executeAlone() {
    PlacedWrite only = writes.get(0);
    return database
        .executeAlone(
            new Execution(only.seq(), only.write(), OptionalLong.empty()),
            outcome -> new Batch(database, state, writes).settleAlone(outcome))
        .map(this::settleAlone);
  }

  private Bookkeeping settleAlone(Outcome outcome) {
    PlacedWrite only = writes.get(0);
    outcomes.put(only.seq(), outcome);
    outcome.fold(
        done -> {
          new NextIdRules(draft).applyAll(only.write());
          return true;
        },
        failed -> false,
        refused -> false);
    draft.definitionsChanged(DefinitionChanges.schemas(only.write()), only.seq());
    return settle();
  }

  private Optional<Outcome> outcome(Item item) {
    return item.decision()
        .outcome()
        .or(() -> Optional.ofNullable(outcomes.get(item.placed().seq())));
  }

  /** What became of each write, once the batch is settled. */
  List<Settled> settled() {
    return settled;
  }
}
