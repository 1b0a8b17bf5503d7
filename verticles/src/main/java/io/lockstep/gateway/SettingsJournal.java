package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The SET statements of a session in their order, to be repeated on another master. One that comes
 * again counts as the later one only, since all that are kept here assign plain values.
 */
final class SettingsJournal {
  /** Past this number a session cannot move any more. */
  static final int STATEMENTS_MAX = 256;

  /** Past this size a session cannot move any more. */
  static final int BYTES_MAX = 64 << 10;

  private final Set<Bytes> statements = new LinkedHashSet<>();
  private long bytes;

  /** Returns false when the bound is reached: the session must stay where it is. */
  boolean add(Bytes statement) {
    if (statements.remove(statement)) {
      bytes -= statement.length();
    }
    if (statements.size() >= STATEMENTS_MAX || bytes + statement.length() > BYTES_MAX) {
      return false;
    }
    statements.add(statement);
    bytes += statement.length();
    return true;
  }

  /** Goes back to what {@link #statements} gave before. */
  void restore(List<Bytes> earlier) {
    clear();
    earlier.forEach(this::add);
  }

  List<Bytes> statements() {
    return List.copyOf(statements);
  }

  void clear() {
    statements.clear();
    bytes = 0;
  }
}
