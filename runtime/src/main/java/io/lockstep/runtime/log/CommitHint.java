package io.lockstep.runtime.log;

import io.lockstep.model.LogIndex;
import io.lockstep.model.Require;
import io.lockstep.model.Term;

/**
 * The entry at {@code index}, written in {@code term}, is committed. Whoever holds an entry with
 * that index and term holds the same log up to it (Raft, Log Matching), so it is committed there.
 */
public record CommitHint(Term term, LogIndex index) {
  public CommitHint {
    Require.that(index.value() >= 0, "a committed entry has an index");
  }

  boolean isNewerThan(CommitHint other) {
    int byTerm = term.compareTo(other.term);
    return byTerm != 0 ? byTerm > 0 : index.isAfter(other.index);
  }
}
