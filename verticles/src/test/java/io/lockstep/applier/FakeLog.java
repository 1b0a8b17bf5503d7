package io.lockstep.applier;

import io.lockstep.bus.BodyWriter;
import io.lockstep.bus.LogEntryCodec;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The read side of a log: the test appends entries, all of them committed. */
final class FakeLog implements OrderedLog {
  private final List<Committed> entries = new ArrayList<>();
  private Optional<Promise<List<Committed>>> waiting = Optional.empty();
  private LogIndex waitingAfter = LogIndex.NONE;
  LogIndex durable = LogIndex.NONE;
  private long beyond;

  void add(LogEntry entry) {
    BodyWriter out = new BodyWriter();
    new LogEntryCodec().write(out, entry);
    entries.add(
        new Committed(
            new LogIndex(entries.size() * 2L + 1), Bytes.owning(out.buffer().getBytes())));
    if (waiting.isPresent()) {
      Promise<List<Committed>> answer = waiting.get();
      waiting = Optional.empty();
      answer.complete(after(waitingAfter, 100));
    }
  }

  private List<Committed> after(LogIndex index, int max) {
    return entries.stream().filter(entry -> entry.index().isAfter(index)).limit(max).toList();
  }

  @Override
  public Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    if (waiting.isPresent()) {
      return Future.failedFuture(new IllegalStateException("one reader at a time"));
    }
    List<Committed> found = after(after, entriesMax);
    if (!found.isEmpty()) {
      return Future.succeededFuture(found);
    }
    Promise<List<Committed>> later = Promise.promise();
    waiting = Optional.of(later);
    waitingAfter = after;
    return later.future();
  }

  /** As a restart of the node would. */
  void abandonReader() {
    waiting = Optional.empty();
  }

  /** Another leader has begun with an entry that holds no write. */
  void changesLeader() {
    beyond++;
  }

  @Override
  public LogIndex knownCommitted() {
    LogIndex last = entries.isEmpty() ? LogIndex.NONE : entries.get(entries.size() - 1).index();
    return new LogIndex(last.value() + beyond);
  }

  @Override
  public void applied(LogIndex index) {
    durable = index;
  }

  @Override
  public Future<Void> open(LogIndex applied, Listener listener) {
    return Future.succeededFuture();
  }

  @Override
  public Future<LogIndex> append(Term term, Bytes payload) {
    return Future.failedFuture(new NotLeaderException(Optional.empty()));
  }

  @Override
  public Future<LogIndex> barrier(Term term) {
    return Future.failedFuture(new NotLeaderException(Optional.empty()));
  }

  @Override
  public Future<Optional<Committed>> lastBefore(LogIndex before) {
    return Future.succeededFuture(
        entries.stream()
            .filter(entry -> before.isAfter(entry.index()))
            .reduce((earlier, later) -> later));
  }

  @Override
  public Future<LogIndex> confirmedHead() {
    return Future.succeededFuture(knownCommitted());
  }

  @Override
  public Future<Void> transferTo(NodeId successor) {
    return Future.failedFuture(new NotLeaderException(Optional.empty()));
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
