package io.lockstep.applier;

import io.lockstep.bus.BodyCodec;
import io.lockstep.bus.BodyReader;
import io.lockstep.log.OrderedLog;
import io.lockstep.log.OrderedLog.Committed;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Reads committed entries a little ahead of the applier, so that reading and decoding overlap with
 * execution, and checks that every write has the place that its count says. Runs on the applier's
 * loop; the log's answers are brought there.
 */
final class EntryReader {
  /** Entries asked for at once. */
  static final int ENTRIES_MAX = 64;

  /** Payload bytes asked for at once; a single larger entry comes whole. */
  static final int BYTES_MAX = 8 << 20;

  /** No further reading while this many writes wait. */
  static final int WRITES_AHEAD_MAX = 2_048;

  /** Writes kept because the database may yet fall back behind them. */
  static final int WINDOW_WRITES_MAX = 1 << 16;

  /** Statement bytes of the writes that are kept. */
  static final int WINDOW_BYTES_MAX = 64 << 20;

  /** Writes in one database transaction; more does not make the commit's share smaller. */
  static final int BATCH_WRITES_MAX = 64;

  /** Statement bytes in one database transaction; a single larger write runs by itself. */
  static final int BATCH_BYTES_MAX = 4 << 20;

  private final OrderedLog log;
  private final BodyCodec<LogEntry> codec;
  private final Executor loop;
  private final Deque<PlacedWrite> ahead = new ArrayDeque<>();
  private final Deque<PlacedWrite> taken = new ArrayDeque<>();
  private LogIndex read = LogIndex.NONE;
  private Seq counted = Seq.NONE;
  private long bytesAhead;
  private long bytesTaken;
  private boolean withinEntry;
  private boolean reading;

  EntryReader(OrderedLog log, BodyCodec<LogEntry> codec, Executor loop) {
    this.log = log;
    this.codec = codec;
    this.loop = loop;
  }

  /** Begins after the given position; nothing was read before. */
  void startAfter(Position position) {
    ahead.clear();
    taken.clear();
    bytesAhead = 0;
    bytesTaken = 0;
    read = position.index();
    counted = position.seq();
    withinEntry = true;
  }

  /**
   * Goes back to the given position, from what is kept: the log has one reader at a time, and that
   * one may be waiting for the next entry. Returns whether the position lies within what is kept.
   */
  boolean resumeAfter(Position position) {
    Deque<PlacedWrite> kept = new ArrayDeque<>(taken);
    kept.addAll(ahead);
    Seq oldest = kept.isEmpty() ? counted.next() : kept.element().seq();
    if (oldest.isAfter(position.seq().next()) || position.seq().isAfter(counted)) {
      return false;
    }
    ahead.clear();
    taken.clear();
    bytesAhead = 0;
    bytesTaken = 0;
    kept.forEach(write -> keep(write, position.seq()));
    return true;
  }

  /** What is applied is kept too: it is not durable yet, and the database may fall back again. */
  private void keep(PlacedWrite write, Seq applied) {
    long bytes = write.write().bytes();
    if (write.seq().isAfter(applied)) {
      ahead.add(write);
      bytesAhead += bytes;
    } else {
      taken.add(write);
      bytesTaken += bytes;
    }
  }

  /** The database cannot fall back behind {@code position} any more. */
  void durable(Position position) {
    while (!taken.isEmpty() && !taken.element().seq().isAfter(position.seq())) {
      bytesTaken -= taken.remove().write().bytes();
    }
  }

  /** The last write that was read. */
  Seq counted() {
    return counted;
  }

  /**
   * Takes the writes of the next transaction; empty when none is there. Rows share a transaction,
   * anything else is a batch of its own. What is taken is kept until it is durable.
   */
  List<PlacedWrite> takeBatch() {
    List<PlacedWrite> batch = new ArrayList<>();
    long bytes = 0;
    for (PlacedWrite next = ahead.peek(); next != null; next = ahead.peek()) {
      boolean rows = next.write().kind().sharesTransactions();
      bytes += next.write().bytes();
      boolean fits = rows && batch.size() < BATCH_WRITES_MAX && bytes <= BATCH_BYTES_MAX;
      if (!batch.isEmpty() && !fits) {
        return batch;
      }
      batch.add(take());
      if (!rows) {
        return batch;
      }
    }
    return batch;
  }

  private PlacedWrite take() {
    PlacedWrite first = ahead.remove();
    bytesAhead -= first.write().bytes();
    bytesTaken += first.write().bytes();
    taken.add(first);
    return first;
  }

  /** Whether reading waits for something to become durable. */
  boolean windowFull() {
    return taken.size() >= WINDOW_WRITES_MAX || bytesTaken >= WINDOW_BYTES_MAX;
  }

  /** Whether it is time to {@link #readMore}. */
  boolean wantsMore() {
    return !reading && !windowFull() && ahead.size() < WRITES_AHEAD_MAX && bytesAhead < BYTES_MAX;
  }

  /**
   * Waits for the entries after the last one read. Completes on the loop with their number; fails
   * when the log cannot be read or is not contiguous.
   */
  Future<Integer> readMore() {
    reading = true;
    return Loops.on(loop, log.read(read, ENTRIES_MAX, BYTES_MAX))
        .onComplete(answered -> reading = false)
        .map(
            entries -> {
              entries.forEach(this::take);
              return entries.size();
            });
  }

  private void take(Committed committed) {
    LogEntry entry = decode(committed.payload());
    expectContiguous(entry);
    List<Write> writes = entry.writes();
    for (int i = 0; i < writes.size(); i++) {
      Seq seq = entry.firstSeq().plus(i);
      LogIndex whole = i == writes.size() - 1 ? committed.index() : read;
      if (seq.isAfter(counted)) {
        ahead.add(new PlacedWrite(seq, whole, writes.get(i)));
        bytesAhead += writes.get(i).bytes();
      }
    }
    counted = entry.lastSeq();
    read = committed.index();
    withinEntry = false;
  }

  /** After a restart the position may lie within the first entry that is read. */
  private void expectContiguous(LogEntry entry) {
    Seq expected = counted.next();
    boolean holds =
        entry.firstSeq().equals(expected)
            || (withinEntry
                && entry.firstSeq().isBefore(expected)
                && !entry.lastSeq().isBefore(counted));
    if (!holds) {
      throw new LogGapException(expected, entry.firstSeq());
    }
  }

  private LogEntry decode(Bytes payload) {
    BodyReader body = new BodyReader(Buffer.buffer(payload.view()));
    LogEntry entry = codec.read(body);
    body.expectEnd();
    return entry;
  }
}
