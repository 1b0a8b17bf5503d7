package io.lockstep.runtime.log;

import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what Ratis reports into committed entries, hints and changes of the reign. */
final class LogProgress implements LogStateMachine.Events {
  private static final Logger LOG = LoggerFactory.getLogger(LogProgress.class);

  private record Attached(RaftServer.Division division, CommittedEntries entries) {}

  private final NodeId self;
  private final Reign reign;
  private final CommitHints hints;
  private final LogRetention retention;
  private final AtomicLong durable;
  private volatile boolean started;
  private volatile Optional<Attached> attached = Optional.empty();

  LogProgress(LogOptions options, Reign reign, CommitHints hints, LogIndex applied) {
    this.self = options.self();
    this.reign = reign;
    this.hints = hints;
    this.retention = new LogRetention(options.keepBytes(), options.keepEntries());
    this.durable = new AtomicLong(applied.value());
  }

  /** Ratis builds its server with the state machine in hand, so this comes second. */
  void attach(RaftServer.Division division, CommittedEntries entries) {
    attached = Optional.of(new Attached(division, entries));
  }

  /** From now on there is a log to look into. */
  void started() {
    started = true;
  }

  /** The database holds everything up to this index. */
  void applied(LogIndex index) {
    durable.accumulateAndGet(index.value(), Math::max);
  }

  @Override
  public void committed(long term, long index) {
    attached.ifPresent(log -> log.entries().advance(index));
    if (reign.leadingTerm().isPresent()) {
      hints.tell(new CommitHint(new Term(term), new LogIndex(index)));
    }
  }

  @Override
  public void leaderReady(long term, long index) {
    reign.ready(new Term(term), new LogIndex(index), self);
    hints.tell(new CommitHint(new Term(term), new LogIndex(index)));
  }

  @Override
  public void leaderChanged(String leader) {
    // This node itself is told as ready, once it is.
    Optional<NodeId> other =
        Optional.of(leader).filter(name -> !name.equals(self.name())).map(NodeId::new);
    if (other.isPresent()) {
      reign.following(new Term(currentTerm()), other);
    }
  }

  @Override
  public void notLeader() {
    reign.following(new Term(currentTerm()), Optional.empty());
  }

  @Override
  public void failed(Throwable cause) {
    reign.failed(cause);
  }

  @Override
  public void tooFarBehind(LogIndex firstAvailable) {
    reign.tooFarBehind(firstAvailable);
  }

  @Override
  public long currentTerm() {
    return attached.map(log -> log.division().getInfo().getCurrentTerm()).orElse(0L);
  }

  @Override
  public long termOf(long index) {
    return attached
        .filter(log -> started)
        .map(log -> log.division().getRaftLog().getTermIndex(index))
        .map(TermIndex::getTerm)
        .orElse(0L);
  }

  @Override
  public long purgeable() {
    return attached.map(log -> purgeable(log.division())).orElse(-1L);
  }

  /** What Ratis has itself seen committed bounds it too: it may have heard later than we did. */
  private long purgeable(RaftServer.Division division) {
    Path segments = division.getRaftStorage().getStorageDir().getCurrentDir().toPath();
    long held = Math.min(durable.get(), division.getInfo().getLastAppliedIndex());
    try {
      return retention.purgeable(segments, new LogIndex(held)).value();
    } catch (IOException unreadable) {
      LOG.warn("The log's segments cannot be listed; nothing is purged: {}", segments, unreadable);
      return -1;
    }
  }
}
