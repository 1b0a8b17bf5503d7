package io.lockstep.runtime.log;

import io.lockstep.model.Term;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Takes the leader's hints: a hint counts as soon as this node holds that very entry (index and
 * term) on its disk. One that comes before its entry is looked at again a few times and then left
 * to Ratis's own ways. Runs on {@code timer}.
 */
final class HintedCommits {
  private static final int LOOKS_MAX = 100;
  private static final long LOOK_MICROS = 300;

  private final Supplier<RaftLog> log;
  private final ScheduledExecutorService timer;
  private final LongConsumer committed;

  private volatile boolean closed;

  /** The newest hint whose entry is not here yet; guarded by this. */
  private Optional<CommitHint> pending = Optional.empty();

  HintedCommits(Supplier<RaftLog> log, ScheduledExecutorService timer, LongConsumer committed) {
    this.log = log;
    this.timer = timer;
    this.committed = committed;
  }

  /** Any thread; does not block. */
  void heard(CommitHint hint) {
    if (closed) {
      return;
    }
    if (holds(hint)) {
      committed.accept(hint.index().value());
    } else if (becomesPending(hint)) {
      lookLater(LOOKS_MAX);
    }
  }

  /** Hears nothing any more. */
  void close() {
    closed = true;
  }

  /** Whether nobody is looking for an entry yet. */
  private synchronized boolean becomesPending(CommitHint hint) {
    boolean first = pending.isEmpty();
    if (first || hint.isNewerThan(pending.get())) {
      pending = Optional.of(hint);
    }
    return first;
  }

  private void lookLater(int looksLeft) {
    timer.schedule(() -> look(looksLeft), LOOK_MICROS, TimeUnit.MICROSECONDS);
  }

  private void look(int looksLeft) {
    if (closed) {
      return;
    }
    Optional<CommitHint> found = settled(looksLeft <= 1);
    found.ifPresentOrElse(
        hint -> committed.accept(hint.index().value()),
        () -> {
          if (isPending()) {
            lookLater(looksLeft - 1);
          }
        });
  }

  private synchronized boolean isPending() {
    return pending.isPresent();
  }

  /** The pending hint if its entry has come; forgets it then, and when this was the last look. */
  private synchronized Optional<CommitHint> settled(boolean lastLook) {
    Optional<CommitHint> found = pending.filter(this::holds);
    if (found.isPresent() || lastLook) {
      pending = Optional.empty();
    }
    return found;
  }

  private boolean holds(CommitHint hint) {
    long index = hint.index().value();
    RaftLog raft = log.get();
    try {
      TermIndex own = raft.getTermIndex(index);
      return own != null
          && new Term(own.getTerm()).equals(hint.term())
          && raft.getFlushIndex() >= index;
    } catch (IllegalStateException notOpen) {
      // Ratis closes its log first when it fails; that is reported elsewhere. A hint may be lost.
      return false;
    }
  }
}
