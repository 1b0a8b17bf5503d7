package io.lockstep.gateway;

import io.lockstep.gateway.Journal.Entry;
import io.lockstep.gateway.Journal.Kind;
import io.lockstep.model.Step;
import io.lockstep.mysql.DigestedQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What stood behind captured rows that a ROLLBACK TO SAVEPOINT has undone. These rows are in no
 * binary log, so no applier can bring about what was seen behind them. Writes from there on are
 * undone too and are left out; what was read is read again behind the ROLLBACK, so that the order
 * compares the rows of before instead, which the branch has kept locked.
 */
final class UndoneSteps {
  private UndoneSteps() {}

  /**
   * Takes them out of the entries.
   *
   * @param undone the first part of captured rows that is undone, if any is
   * @return those that are to be read again
   */
  static List<Entry> take(List<Entry> entries, OptionalInt undone) {
    int firstPart = undone.orElse(Integer.MAX_VALUE);
    int from = 0;
    while (from < entries.size()
        && !(entries.get(from).kind() == Kind.CAPTURED && entries.get(from).part() >= firstPart)) {
      from++;
    }
    List<Entry> behind = entries.subList(from, entries.size());
    List<Entry> taken = new ArrayList<>(behind);
    behind.removeIf(entry -> entry.kind() != Kind.LOCAL);
    return taken.stream().filter(UndoneSteps::isLook).toList();
  }

  private static boolean isLook(Entry entry) {
    return entry.compared() && (entry.kind() == Kind.READ || entry.kind() == Kind.LOCKING_READ);
  }

  /** The same with what a client would see of it now. */
  static Future<Entry> again(SessionTransaction transaction, String schema, Entry entry) {
    Reexecution one = new Reexecution(List.of(entry), schema, Future::succeededFuture);
    return transaction
        .inside(BranchUse.LATEST, backend -> one.answer(backend))
        .map(answer -> new Entry(entry.kind(), seen(entry.step(), answer), true, 0));
  }

  private static Step.Statement seen(Step.Statement step, DigestedQuery answer) {
    Optional<Step.Seen> now =
        step.seen().map(seen -> new Step.Seen(answer.value(), seen.insertId(), seen.binary()));
    return new Step.Statement(step.schema(), step.context(), step.sql(), step.ids(), now);
  }
}
