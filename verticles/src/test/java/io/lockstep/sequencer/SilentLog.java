package io.lockstep.sequencer;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A log that fails every call. */
final class SilentLog implements OrderedLog {
  @Override
  public Future<Void> open(LogIndex applied, Listener listener) {
    return failed();
  }

  @Override
  public Future<LogIndex> append(Term term, Bytes payload) {
    return failed();
  }

  @Override
  public Future<LogIndex> barrier(Term term) {
    return failed();
  }

  @Override
  public Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    return failed();
  }

  @Override
  public Future<Optional<Committed>> lastBefore(LogIndex before) {
    return failed();
  }

  @Override
  public Future<LogIndex> confirmedHead() {
    return failed();
  }

  @Override
  public LogIndex knownCommitted() {
    return LogIndex.NONE;
  }

  @Override
  public void applied(LogIndex durable) {}

  @Override
  public Future<Void> transferTo(NodeId successor) {
    return failed();
  }

  @Override
  public Future<Void> close() {
    return failed();
  }

  private static <T> Future<T> failed() {
    return Future.failedFuture(new IllegalStateException("no disk"));
  }
}
