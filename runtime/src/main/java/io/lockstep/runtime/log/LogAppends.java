package io.lockstep.runtime.log;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Puts payloads into the leader's own log, in the order of the calls. A payload of one entry goes
 * in on the caller's thread, which takes microseconds; a cut one, and whatever comes after it until
 * it is in, on {@code lane}, because it may have to wait for the disk.
 */
final class LogAppends {
  private final RaftServer.Division division;
  private final Supplier<Optional<NodeId>> leader;
  private final Executor lane;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final long group = ThreadLocalRandom.current().nextLong();

  private final Interruption interruption = new Interruption();

  /** Calls that have not left the lane; guarded by this. */
  private int inLane;

  /** Numbers the calls; guarded by this. */
  private long calls;

  /**
   * @param lane one thread, so that the order is kept
   */
  LogAppends(RaftServer.Division division, Supplier<Optional<NodeId>> leader, Executor lane) {
    this.division = division;
    this.leader = leader;
    this.lane = lane;
  }

  Future<LogIndex> append(Term term, Bytes payload) {
    boolean isShort = payload.length() <= Parts.PART_BYTES_MAX;
    return enqueue(term, isShort, call -> submitAll(term, call, payload));
  }

  Future<LogIndex> barrier(Term term) {
    return enqueue(
        term,
        true,
        call ->
            submit(new Proposal(term, Parts.barrier()))
                .onSuccess(index -> interruption.settledBy(term, call)));
  }

  private synchronized Future<LogIndex> enqueue(
      Term term, boolean isShort, LongFunction<Future<LogIndex>> submission) {
    long call = ++calls;
    if (inLane == 0 && isShort) {
      return submission.apply(call);
    }
    if (inLane >= RatisSettings.PENDING_MAX) {
      interruption.failed(term, call);
      return Future.failedFuture(new OrderedLog.FullException("too many appends are pending"));
    }
    inLane++;
    Promise<LogIndex> done = Promise.promise();
    lane.execute(
        () -> {
          Future<LogIndex> submitted = submission.apply(call);
          leaveLane();
          submitted.onComplete(done);
        });
    return done.future();
  }

  private synchronized void leaveLane() {
    inLane--;
  }

  /** Stops at the first part that is refused: without its last part a payload never exists. */
  private Future<LogIndex> submitAll(Term term, long call, Bytes payload) {
    if (interruption.holdsBack(term)) {
      return Future.failedFuture(new OrderedLog.TermInterruptedException(term));
    }
    List<ByteString> entries = Parts.cut(payload, group ^ call);
    for (ByteString entry : entries.subList(0, entries.size() - 1)) {
      Future<LogIndex> part = submit(new Proposal(term, entry));
      if (part.failed()) {
        interruption.failed(term, call);
        return Future.failedFuture(neverComplete(part.cause()));
      }
    }
    Future<LogIndex> whole = submit(new Proposal(term, entries.get(entries.size() - 1)));
    // At once where it is refused at the door; Ratis's own threads report what fails later.
    return whole.onFailure(cause -> interruption.failed(term, call));
  }

  private Throwable neverComplete(Throwable cause) {
    boolean certain =
        cause instanceof OrderedLog.FullException
            || cause instanceof OrderedLog.HandingOverException;
    return certain ? cause : refused(cause);
  }

  private Future<LogIndex> submit(Proposal proposal) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(division.getMemberId().getGroupId())
            .setCallId(callIds.incrementAndGet())
            .setMessage(proposal)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    Promise<LogIndex> done = Promise.promise();
    try {
      CompletableFuture<RaftClientReply> replied =
          ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
      replied.whenComplete((reply, cause) -> complete(done, proposal, reply, cause));
    } catch (IOException | RuntimeException thrown) {
      done.fail(fate(proposal, thrown));
    }
    return done.future();
  }

  private void complete(
      Promise<LogIndex> done,
      Proposal proposal,
      @Nullable RaftClientReply reply,
      @Nullable Throwable cause) {
    if (cause != null) {
      done.fail(fate(proposal, cause));
    } else if (reply != null && reply.isSuccess()) {
      done.complete(new LogIndex(reply.getLogIndex()));
    } else {
      Throwable why = reply == null ? null : reply.getException();
      done.fail(fate(proposal, why == null ? new IOException("no reason was given") : why));
    }
  }

  /** Only what never entered the log is certain; all else may yet be committed by a successor. */
  private Throwable fate(Proposal proposal, Throwable cause) {
    Throwable why =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    return proposal.wasAppended()
        ? new IOException("the fate of the entry is unknown: " + why.getMessage(), why)
        : refused(why);
  }

  private Throwable refused(Throwable why) {
    if (why instanceof LeaderSteppingDownException) {
      return new OrderedLog.HandingOverException();
    }
    return why instanceof ResourceUnavailableException
        ? new OrderedLog.FullException("too much is pending: " + why.getMessage())
        : new OrderedLog.NotLeaderException(leader.get());
  }
}
