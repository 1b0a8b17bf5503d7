package io.lockstep.runtime.log;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.ProtoUtils;

/** A running Ratis server and what hangs on it. Opening and closing block the caller. */
final class RatisServer {
  private static final long TRANSFER_TIMEOUT_MS = 1_000;

  /** A follower answers several times a second. */
  private static final long SILENT_MS = 500;

  private static final long SNAPSHOT_TIMEOUT_MS = 10_000;

  /** How far the database must have moved on before the segments are looked at again. */
  private static final long PURGE_STEP = 1_000;

  private final RaftServer server;
  private final RaftServer.Division division;
  private final LogProgress progress;
  private final CommittedEntries entries;
  private final LogAppends appends;
  private final HintedCommits hinted;
  private final Reign reign;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final AtomicLong purgedFor;

  private RatisServer(
      RaftServer server,
      RaftServer.Division division,
      LogProgress progress,
      CommittedEntries entries,
      LogAppends appends,
      HintedCommits hinted,
      Reign reign,
      LogIndex applied) {
    this.server = server;
    this.division = division;
    this.progress = progress;
    this.entries = entries;
    this.appends = appends;
    this.hinted = hinted;
    this.reign = reign;
    this.purgedFor = new AtomicLong(applied.value());
  }

  static RatisServer open(
      LogOptions options,
      LogIndex applied,
      CommitHints hints,
      Reign reign,
      ScheduledExecutorService reader,
      Executor lane)
      throws IOException {
    Files.createDirectories(options.directory());
    LogProgress progress = new LogProgress(options, reign, hints, applied);
    RaftGroup group = RatisSettings.group(options);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(options.self().name()))
            .setGroup(group)
            .setStateMachine(new LogStateMachine(progress, applied))
            .setProperties(RatisSettings.properties(options))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    try {
      RaftServer.Division division = server.getDivision(group.getGroupId());
      CommittedEntries entries =
          new CommittedEntries(division::getRaftLog, reader, applied, reign::failed);
      LogAppends appends = new LogAppends(division, reign::leader, lane);
      progress.attach(division, entries);
      reign.following(Term.NONE, Optional.empty());
      server.start();
      requireReaching(division, applied);
      progress.started();
      HintedCommits hinted = new HintedCommits(division::getRaftLog, reader, entries::advance);
      hints.hear(hinted::heard);
      return new RatisServer(server, division, progress, entries, appends, hinted, reign, applied);
    } catch (IOException | RuntimeException failed) {
      reign.end();
      server.close();
      throw failed;
    }
  }

  /** The database applies only what this node has on disk, so its log never ends before. */
  private static void requireReaching(RaftServer.Division division, LogIndex applied)
      throws IOException {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    long end = last == null ? -1 : last.getIndex();
    if (end < applied.value()) {
      throw new IOException(
          "the log ends at "
              + end
              + " but the database has applied "
              + applied
              + ": the log's directory was lost, the node must be rebuilt");
    }
  }

  CommittedEntries entries() {
    return entries;
  }

  Future<LogIndex> append(Term term, Bytes payload) {
    return leadsIn(term) ? appends.append(term, payload) : refused();
  }

  Future<LogIndex> barrier(Term term) {
    return leadsIn(term) ? appends.barrier(term) : refused();
  }

  private boolean leadsIn(Term term) {
    return reign.leadingTerm().filter(term::equals).isPresent();
  }

  private Future<LogIndex> refused() {
    return Future.failedFuture(new OrderedLog.NotLeaderException(reign.leader()));
  }

  /** A ReadIndex round; answered once this node has seen the log committed up to there. */
  Future<LogIndex> confirmedHead() {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(division.getMemberId().getGroupId())
            .setCallId(callIds.incrementAndGet())
            .setMessage(Message.EMPTY)
            .setType(RaftClientRequest.readRequestType())
            .build();
    return replied(
            () -> ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request))
        .map(reply -> entries.committed());
  }

  void applied(LogIndex durable) {
    progress.applied(durable);
    long before = purgedFor.get();
    if (durable.value() - before >= PURGE_STEP
        && purgedFor.compareAndSet(before, durable.value())) {
      purge();
    }
  }

  /** Ratis asks the state machine how far it may go ({@link LogProgress#purgeable}). */
  private void purge() {
    replied(
            () ->
                server.snapshotManagementAsync(
                    SnapshotManagementRequest.newCreate(
                        client,
                        division.getId(),
                        division.getMemberId().getGroupId(),
                        callIds.incrementAndGet(),
                        SNAPSHOT_TIMEOUT_MS)))
        .onFailure(refused -> purgedFor.addAndGet(-PURGE_STEP));
  }

  /** While it waits for the successor Ratis refuses appends, so a silent one is not tried. */
  Future<Void> transferTo(NodeId successor) {
    if (reign.leadingTerm().isEmpty()) {
      return Future.failedFuture(new OrderedLog.NotLeaderException(reign.leader()));
    }
    if (!answers(successor)) {
      return Future.failedFuture(new IOException(successor + " does not answer"));
    }
    return replied(
            () ->
                server.transferLeadershipAsync(
                    new TransferLeadershipRequest(
                        client,
                        division.getId(),
                        division.getMemberId().getGroupId(),
                        callIds.incrementAndGet(),
                        RaftPeerId.valueOf(successor.name()),
                        TRANSFER_TIMEOUT_MS)))
        .mapEmpty();
  }

  /**
   * Stands for election now, as if the leader had asked for that: it is gone, and need not be
   * waited for. Ratis refuses if it follows another by now (RaftServerImpl.startLeaderElection).
   */
  void succeed(NodeId gone) throws IOException {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (last == null || reign.leader().filter(gone::equals).isEmpty()) {
      return;
    }
    RaftRpcRequestProto inItsName =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(RaftPeerId.valueOf(gone.name()).toByteString())
            .setReplyId(division.getId().toByteString())
            .setRaftGroupId(
                ProtoUtils.toRaftGroupIdProtoBuilder(division.getMemberId().getGroupId()))
            .build();
    server.startLeaderElection(
        StartLeaderElectionRequestProto.newBuilder()
            .setServerRequest(inItsName)
            .setLeaderLastEntry(last.toProto())
            .build());
  }

  private boolean answers(NodeId follower) {
    return division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
        .filter(info -> info.getId().getId().toStringUtf8().equals(follower.name()))
        .anyMatch(info -> info.getLastRpcElapsedTimeMs() < SILENT_MS);
  }

  void close() throws IOException {
    reign.end();
    hinted.close();
    entries.close();
    server.close();
  }

  private interface Request {
    java.util.concurrent.CompletableFuture<RaftClientReply> send() throws IOException;
  }

  private static Future<RaftClientReply> replied(Request request) {
    Promise<RaftClientReply> done = Promise.promise();
    try {
      request
          .send()
          .whenComplete(
              (reply, cause) -> {
                if (cause != null) {
                  boolean wrapped = cause instanceof CompletionException;
                  done.fail(wrapped && cause.getCause() != null ? cause.getCause() : cause);
                } else if (reply.isSuccess()) {
                  done.complete(reply);
                } else {
                  done.fail(new IOException("the log's engine refused", reply.getException()));
                }
              });
    } catch (IOException | RuntimeException refused) {
      done.fail(refused);
    }
    return done.future();
  }
}
