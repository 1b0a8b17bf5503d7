package io.lockstep.gateway;

import io.lockstep.model.TableName;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import io.lockstep.sql.TableRef;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What an open transaction has changed in its session's temporary tables. Its branch is rolled back
 * when it is ordered, and these rows with it: its statements are run again afterwards if they would
 * do the same then, and otherwise the rows are carried over ({@link TemporaryContents}).
 */
final class TemporaryChanges {
  private final Set<TableName> written = new HashSet<>();
  private boolean carries;

  /**
   * Whether a write of temporary tables does the same after the commit: it looks at nothing else.
   *
   * @param temporary whether a table of the statement is one
   */
  static boolean repeatable(Facts facts, Predicate<TableRef> temporary) {
    return facts.tables().stream().allMatch(temporary)
        && facts.userVariablesRead().isEmpty()
        && !facts.assignsUserVariables()
        && facts.systemVariables().isEmpty()
        && facts.calls().stream().allMatch(call -> call.kind() == FunctionKind.PLAIN);
  }

  /** Tables that were written by what can be repeated. */
  void repeatably(Set<TableName> tables) {
    written.addAll(tables);
  }

  /** Tables that may have been written by what cannot: no repetition would find what is before. */
  void once(Set<TableName> tables) {
    written.addAll(tables);
    carries |= !tables.isEmpty();
  }

  /** A client that goes back to a savepoint undoes some, and which is not known here. */
  void savepoint(Verb verb) {
    carries |= verb == Verb.ROLLBACK_TO && !written.isEmpty();
  }

  /** Whether statements are run again after the commit. */
  boolean repeats() {
    return !carries;
  }

  /** The tables whose rows are carried over. */
  Set<TableName> carried() {
    return carries ? Set.copyOf(written) : Set.of();
  }

  void clear() {
    written.clear();
    carries = false;
  }
}
