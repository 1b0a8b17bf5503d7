package io.lockstep.mysql;

import io.lockstep.model.MySqlError;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Passes a reply on as it comes, in pieces as large as they arrive. */
final class RelayExchange extends Exchange {
  private static final int HEADER = PacketWriter.HEADER_BYTES;

  private final ReplyTracker tracker;
  private final ReplyShape shape;
  private final long capabilities;
  private final RelaySink sink;
  private final Runnable full;
  private final Optional<AnswerDigest> digest;
  private final Promise<ReplySummary> promise;

  private ReplySummary.Start start = ReplySummary.Start.NOTHING;
  private Optional<PrepareOk> prepared = Optional.empty();
  private Optional<OkPacket> ok = Optional.empty();
  private Optional<MySqlError> error = Optional.empty();
  private Optional<Buffer> withheld = Optional.empty();
  private int sequence;
  private long bytes;

  private Buffer run = Buffer.buffer(0);
  private int runFrom;
  private int runEnd;

  /** {@code full} is called when the sink has become full; {@code digest} sees the rows. */
  RelayExchange(
      long commandBytes,
      int firstSequence,
      ReplyShape shape,
      long capabilities,
      RelaySink sink,
      Runnable full,
      Optional<AnswerDigest> digest,
      Promise<ReplySummary> promise) {
    super(commandBytes, firstSequence);
    this.tracker = new ReplyTracker(shape);
    this.shape = shape;
    this.capabilities = capabilities;
    this.sink = sink;
    this.full = full;
    this.digest = digest;
    this.promise = promise;
  }

  @Override
  int wanted(int firstByte, int length, boolean continued) {
    if (continued) {
      return 0;
    }
    return tracker.wantsWhole(firstByte, length) ? length : Math.min(1, length);
  }

  @Override
  void frame(Buffer in, int at, int length, int inView, boolean continued) {
    sequence = in.getUnsignedByte(at + 3);
    if (!continued && endsApart(in, at, length)) {
      withheld = Optional.of(in.getBuffer(at, at + HEADER + length));
    } else {
      digest.ifPresent(rows -> rows.bytes(in, at + HEADER, at + HEADER + inView));
      pass(in, at, at + HEADER + inView);
    }
  }

  @Override
  void rest(Buffer in, int from, int end) {
    digest.ifPresent(rows -> rows.bytes(in, from, end));
    pass(in, from, end);
  }

  private void pass(Buffer in, int from, int end) {
    if (in != run || from != runEnd) {
      flush();
      run = in;
      runFrom = from;
    }
    runEnd = end;
  }

  @Override
  void flush() {
    if (runEnd > runFrom) {
      int length = runEnd - runFrom;
      bytes += length;
      boolean whole = runFrom == 0 && runEnd == run.length();
      sink.frames(whole ? run : run.slice(runFrom, runEnd));
      run = Buffer.buffer(0);
      runFrom = 0;
      runEnd = 0;
      if (sink.full()) {
        full.run();
      }
    }
  }

  @Override
  boolean complete() {
    return tracker.complete();
  }

  @Override
  void finish() {
    promise.complete(
        new ReplySummary(
            start,
            tracker.status(),
            tracker.warnings(),
            tracker.rows(),
            tracker.resultSets(),
            bytes,
            prepared,
            new ReplySummary.Ending(ok, error, withheld, sequence)));
  }

  @Override
  void fail(Throwable cause) {
    promise.tryFail(cause);
  }

  /** True for the OK or ERR that ends the reply. */
  private boolean endsApart(Buffer in, int at, int length) {
    int from = at + HEADER;
    ReplyTracker.Kind kind = tracker.packet(in, from, length);
    digest.ifPresent(kind == ReplyTracker.Kind.ROW ? AnswerDigest::row : AnswerDigest::endRow);
    if (start == ReplySummary.Start.NOTHING) {
      start = startOf(kind);
      if (start == ReplySummary.Start.PREPARED) {
        prepared = Optional.of(PrepareOk.decode(in, from, from + length));
      }
    }
    if (kind == ReplyTracker.Kind.ERR) {
      error = Optional.of(ErrPacket.decode(in, from, from + length));
      return true;
    }
    if (kind == ReplyTracker.Kind.OK && tracker.complete()) {
      ok = Optional.of(OkPacket.decode(in, from, from + length, capabilities));
      return true;
    }
    return false;
  }

  private ReplySummary.Start startOf(ReplyTracker.Kind kind) {
    return switch (kind) {
      case OK -> ReplySummary.Start.OK;
      case ERR -> ReplySummary.Start.ERR;
      case HEADER ->
          shape == ReplyShape.PREPARE ? ReplySummary.Start.PREPARED : ReplySummary.Start.RESULT_SET;
      case SINGLE -> ReplySummary.Start.BARE;
      default -> ReplySummary.Start.OTHER;
    };
  }
}
