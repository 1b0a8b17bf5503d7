package io.lockstep.runtime.log;

import java.util.function.Consumer;

/**
 * Carries the leader's commit index to the followers at once. Ratis tells it with the next entry or
 * heartbeat only, up to half an election timeout later. Hints may be lost, late or doubled.
 */
public interface CommitHints {
  /** Tells the other nodes; must not block. A newer hint may replace one not yet sent. */
  void tell(CommitHint hint);

  /** Hears what other nodes tell, on any thread, from now on. */
  void hear(Consumer<CommitHint> listener);

  /** No hints: followers wait for Ratis. */
  static CommitHints none() {
    return new CommitHints() {
      @Override
      public void tell(CommitHint hint) {}

      @Override
      public void hear(Consumer<CommitHint> listener) {}
    };
  }
}
