package io.lockstep.runtime.log;

import io.lockstep.log.OrderedLog.ClosedException;
import io.lockstep.log.OrderedLog.Committed;
import io.lockstep.log.OrderedLog.PurgedException;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Reads payloads from the engine's log by index, never past what is known to be committed. Reading
 * happens on {@code reader} (it may load a segment from the disk); {@link #advance} may be called
 * from any thread and does not block.
 */
final class CommittedEntries {
  private record Waiting(long after, int entriesMax, int bytesMax, Promise<List<Committed>> done) {}

  private final Supplier<RaftLog> log;
  private final Executor reader;
  private final Consumer<Throwable> unreadable;
  private final AtomicLong committed;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Guarded by this. */
  private Optional<Waiting> waiting = Optional.empty();

  /** Guarded by this. */
  private boolean closed;

  /**
   * @param log there is none before the server has started
   * @param unreadable hears when a committed entry cannot be read
   */
  CommittedEntries(
      Supplier<RaftLog> log, Executor reader, LogIndex applied, Consumer<Throwable> unreadable) {
    this.log = log;
    this.reader = reader;
    this.unreadable = unreadable;
    this.committed = new AtomicLong(applied.value());
  }

  LogIndex committed() {
    return new LogIndex(committed.get());
  }

  /** Everything up to {@code index} is committed and on this node's disk. */
  void advance(long index) {
    long before = committed.getAndAccumulate(index, Math::max);
    if (before < index && isAwaited()) {
      schedule();
    }
  }

  private synchronized boolean isAwaited() {
    return waiting.isPresent();
  }

  Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    Promise<List<Committed>> done = Promise.promise();
    synchronized (this) {
      if (closed) {
        return Future.failedFuture(new ClosedException());
      }
      if (waiting.isPresent()) {
        return Future.failedFuture(new IllegalStateException("the log has one reader at a time"));
      }
      waiting = Optional.of(new Waiting(after.value(), entriesMax, bytesMax, done));
    }
    schedule();
    return done.future();
  }

  /** Fails the read that is waiting and every later one. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    taken().ifPresent(reading -> reading.done().tryFail(new ClosedException()));
  }

  private synchronized Optional<Waiting> taken() {
    Optional<Waiting> current = waiting;
    waiting = Optional.empty();
    return current;
  }

  private synchronized Optional<Waiting> current() {
    return waiting;
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      reader.execute(this::serve);
    }
  }

  private void serve() {
    scheduled.set(false);
    current().ifPresent(this::serve);
  }

  private void serve(Waiting reading) {
    try {
      List<Committed> entries = collect(reading);
      if (!entries.isEmpty()) {
        taken().ifPresent(taken -> taken.done().tryComplete(entries));
      }
    } catch (PurgedException purged) {
      taken().ifPresent(taken -> taken.done().tryFail(purged));
    } catch (IOException | RuntimeException broken) {
      unreadable.accept(broken);
      taken().ifPresent(taken -> taken.done().tryFail(broken));
    }
  }

  private List<Committed> collect(Waiting reading) throws IOException {
    List<Committed> entries = new ArrayList<>();
    Parts.Joiner joiner = new Parts.Joiner();
    long last = committed.get();
    long bytes = 0;
    for (long index = reading.after() + 1; index <= last; index++) {
      LogEntryProto entry = entry(index);
      if (!entry.hasStateMachineLogEntry()) {
        continue;
      }
      Optional<Bytes> payload = joiner.add(entry.getStateMachineLogEntry().getLogData());
      if (payload.isEmpty()) {
        continue;
      }
      bytes += payload.get().length();
      if (!entries.isEmpty() && bytes > reading.bytesMax()) {
        break;
      }
      entries.add(new Committed(new LogIndex(index), payload.get()));
      if (entries.size() >= reading.entriesMax()) {
        break;
      }
    }
    return entries;
  }

  private LogEntryProto entry(long index) throws IOException {
    LogEntryProto entry = log.get().get(index);
    if (entry == null) {
      if (index < log.get().getStartIndex()) {
        throw new PurgedException(new LogIndex(log.get().getStartIndex()));
      }
      throw new IOException("entry " + index + " is committed and not in the log");
    }
    return entry;
  }

  /** The last payload that ends before {@code before}; runs on the reader. */
  Future<Optional<Committed>> lastBefore(LogIndex before) {
    Promise<Optional<Committed>> done = Promise.promise();
    reader.execute(
        () -> {
          try {
            done.complete(findBefore(Math.min(before.value() - 1, committed.get())));
          } catch (IOException | RuntimeException unreadable) {
            done.fail(unreadable);
          }
        });
    return done.future();
  }

  private Optional<Committed> findBefore(long from) throws IOException {
    long start = Math.max(log.get().getStartIndex(), 0);
    for (long index = from; index >= start; index--) {
      LogEntryProto entry = entry(index);
      if (entry.hasStateMachineLogEntry()
          && Parts.ends(entry.getStateMachineLogEntry().getLogData())) {
        Optional<Bytes> payload = endingAt(index, start);
        if (payload.isPresent()) {
          return Optional.of(new Committed(new LogIndex(index), payload.get()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Bytes> endingAt(long last, long start) throws IOException {
    long first = last;
    while (first > start && !begins(entry(first))) {
      first--;
    }
    Parts.Joiner joiner = new Parts.Joiner();
    Optional<Bytes> payload = Optional.empty();
    for (long index = first; index <= last; index++) {
      LogEntryProto entry = entry(index);
      if (entry.hasStateMachineLogEntry()) {
        payload = joiner.add(entry.getStateMachineLogEntry().getLogData());
      }
    }
    return payload;
  }

  private static boolean begins(LogEntryProto entry) {
    return entry.hasStateMachineLogEntry()
        && Parts.begins(entry.getStateMachineLogEntry().getLogData());
  }
}
