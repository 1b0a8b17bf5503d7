package io.lockstep.runtime.log;

import io.lockstep.model.LogIndex;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;

/**
 * What Ratis calls. It executes nothing: the node's database is the state, its applier reads the
 * log by index, and the database's position stands for the snapshot, without files. So all it does
 * is to note how far the log is committed and to pass events on, on whatever thread Ratis uses.
 */
final class LogStateMachine extends BaseStateMachine {
  /** What the engine makes of it. None of these may block. */
  interface Events {
    void committed(long term, long index);

    /** The startup entry of this leader, the last that was committed, is committed. */
    void leaderReady(long term, long index);

    void leaderChanged(String leader);

    void notLeader();

    void failed(Throwable cause);

    void tooFarBehind(LogIndex firstAvailable);

    long currentTerm();

    /** The term of an entry that this node holds, 0 for none. */
    long termOf(long index);

    /** Up to where the log may be purged now. */
    long purgeable();
  }

  private final Events events;
  private final AtomicLong snapshot;

  LogStateMachine(Events events, LogIndex applied) {
    this.events = events;
    this.snapshot = new AtomicLong(applied.value());
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    long applied = snapshot.get();
    if (applied >= 0) {
      setLastAppliedTermIndex(TermIndex.valueOf(0, applied));
    }
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    long index = snapshot.get();
    return index < 0
        ? super.getLatestSnapshot()
        : new FileListSnapshotInfo(List.of(), TermIndex.valueOf(events.termOf(index), index));
  }

  @Override
  public long takeSnapshot() {
    return snapshot.accumulateAndGet(events.purgeable(), Math::max);
  }

  /** In exact log order and under the log's lock: the last gate before an entry is appended. */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction)
      throws IOException {
    if (transaction.getClientRequest().getMessage() instanceof Proposal proposal) {
      long term = events.currentTerm();
      if (proposal.term().value() != term) {
        throw new StateMachineException(
            "stamped in term " + proposal.term() + ", not in " + term, false);
      }
      proposal.markAppended();
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    events.committed(entry.getTerm(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    events.committed(term, index);
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    super.notifyConfigurationChanged(term, index, configuration);
    lastConfiguration = TermIndex.valueOf(term, index);
    events.committed(term, index);
  }

  /** Written and read by the one thread that applies. */
  private TermIndex lastConfiguration = TermIndex.INITIAL_VALUE;

  /** Called right after the configuration that every leader writes first is committed. */
  @Override
  public void notifyLeaderReady() {
    events.leaderReady(lastConfiguration.getTerm(), lastConfiguration.getIndex());
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    events.leaderChanged(leader.toString());
  }

  @Override
  public void notifyNotLeader(java.util.Collection<TransactionContext> pending) {
    events.notLeader();
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    events.failed(cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    events.failed(new IOException("the ordered log's engine has shut down"));
  }

  /** Never throws: an exception here leaves Ratis 3.3.0 installing for ever. */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstAvailable) {
    events.tooFarBehind(new LogIndex(firstAvailable.getIndex()));
    return CompletableFuture.failedFuture(
        new IOException("this node must be rebuilt from another's database"));
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }
}
