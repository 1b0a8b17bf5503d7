package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * AUTO_INCREMENT as replicated state: the database's own counters drift apart, because an id drawn
 * and rolled back is burnt on one node only. The next id advances in log order, whether or not the
 * statement then succeeds.
 */
final class IdDraws {
  /** Ids end at 2^63-1, which is never drawn; BIGINT UNSIGNED could go on. */
  private static final long END = Long.MAX_VALUE;

  private static final Outcome NO_MORE =
      new Outcome.Failed(1467, "HY000", "Failed to read auto-increment value from storage engine");

  private final ReplicaDatabase database;
  private final Draft draft;

  IdDraws(ReplicaDatabase database, Draft draft) {
    this.database = database;
    this.draft = draft;
  }

  /** Whether the rows must be looked at before the draw. */
  boolean mustLook(IdDraw draw) {
    return draft.nextId(draw.table()).filter(NextId::exact).isEmpty();
  }

  /**
   * Makes the table's next id exact from its rows as the open transaction sees them, which are the
   * same on every node; the database's own counter is not.
   */
  Future<Void> look(IdDraw draw) {
    return database
        .highestId(draw.table(), draw.column())
        .map(
            highest -> {
              raise(draw, highest);
              return null;
            });
  }

  /** Why the statement cannot be executed: the ids that it may draw would pass the last one. */
  Optional<Outcome> exhausted(IdDraw draw) {
    boolean fits = draw.drawn() == 0 || past(next(draw.table()), draw) <= END - draw.drawn();
    return fits ? Optional.empty() : Optional.of(NO_MORE);
  }

  /** The first id for the statement, if it may draw any; the next one after it is advanced. */
  OptionalLong draw(IdDraw draw) {
    long first = beyond(next(draw.table()), draw.leading());
    if (draw.drawn() > 0 || !draw.reread()) {
      draft.nextId(draw.table(), new NextId(after(first, draw), true));
    }
    return draw.drawn() > 0 ? OptionalLong.of(first) : OptionalLong.empty();
  }

  /** Whether the rows must be looked at after the statement: it may have named higher ids. */
  boolean mustReread(IdDraw draw) {
    OptionalLong named = draw.explicitMax();
    boolean below = named.isPresent() && named.getAsLong() < next(draw.table());
    return draw.reread() && (draw.drawn() > 0 || !below);
  }

  /** The same for a transaction that has named ids itself, up to the draw's highest. */
  Outcome drawBehind(IdDraw draw) {
    named(draw);
    IdDraw behind =
        new IdDraw(draw.table(), draw.column(), draw.drawn(), OptionalLong.empty(), draw.reread());
    return exhausted(behind).orElseGet(() -> taken(draw(behind).orElseThrow()));
  }

  /**
   * Ids that were taken ahead are the next ones again, if they were the last. Somebody may have
   * named one of them meanwhile, so the rows are looked at before the next draw.
   */
  Outcome giveBack(IdDraw unused) {
    long first = plus(unused.explicitMax().orElse(0), 1);
    draft
        .nextId(unused.table())
        .filter(next -> next.value() == plus(first, unused.drawn()))
        .ifPresent(next -> draft.nextId(unused.table(), new NextId(first, false)));
    return taken(first);
  }

  /** The client of the transaction is told the first of its ids. */
  private static Outcome taken(long first) {
    return new Outcome.Done(0, first, 0, "", 2, List.of(), List.of());
  }

  /**
   * What a transaction's statements do to next ids: ids that it drew were taken from the order
   * before, though perhaps before the table was emptied; ids that it names itself move the next one
   * on, also when it was refused, so that this is a function of the log alone.
   */
  void named(Write transaction) {
    transaction.statements().forEach(step -> step.ids().ifPresent(draw -> named(step, draw)));
  }

  private void named(Step.Statement step, IdDraw draw) {
    OptionalLong first = step.seen().map(Step.Seen::insertId).orElse(OptionalLong.empty());
    named(draw);
    first.ifPresent(id -> passed(draw.table(), plus(id, draw.drawn())));
  }

  private void passed(TableName table, long end) {
    draft
        .nextId(table)
        .filter(next -> next.value() < end)
        .ifPresent(next -> draft.nextId(table, new NextId(end, next.exact())));
  }

  /** Captured rows may hold ids of any value: they are looked at before the next draw. */
  void written(Write transaction) {
    for (Step step : transaction.steps()) {
      step.fold(statement -> Set.<TableName>of(), CapturedTables::written)
          .forEach(
              table ->
                  draft
                      .nextId(table)
                      .ifPresent(next -> draft.nextId(table, new NextId(next.value(), false))));
    }
  }

  private void named(IdDraw draw) {
    draft
        .nextId(draw.table())
        .ifPresent(
            next -> {
              boolean reread = mustReread(draw);
              boolean moves = draw.drawn() > 0 || !draw.reread();
              long named = moves ? plus(draw.explicitMax().orElse(0), 1) : 0;
              draft.nextId(
                  draw.table(), new NextId(Math.max(next.value(), named), next.exact() && !reread));
            });
  }

  private void raise(IdDraw draw, long highest) {
    long atLeast = next(draw.table());
    draft.nextId(draw.table(), new NextId(Math.max(atLeast, plus(highest, 1)), true));
  }

  private long next(TableName table) {
    return draft.nextId(table).map(NextId::value).orElse(1L);
  }

  private static long after(long first, IdDraw draw) {
    return plus(past(first, draw), draw.drawn());
  }

  /** Ids named by the statement may come before those it draws, which then follow them. */
  private static long past(long first, IdDraw draw) {
    return beyond(first, draw.explicitMax());
  }

  private static long beyond(long first, OptionalLong named) {
    long highest = named.orElse(0);
    return highest >= first ? plus(highest, 1) : first;
  }

  private static long plus(long id, long count) {
    long sum = id + count;
    return sum < 0 ? END : sum;
  }
}
