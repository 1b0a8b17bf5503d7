package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The answer to COM_BINLOG_DUMP: an event in each packet, behind a zero byte, for as long as the
 * connection lasts.
 */
final class DumpExchange extends Exchange {
  private final int eventBytesMax;
  private final Consumer<Bytes> events;
  private final Promise<Void> promise;
  private Buffer joined = Buffer.buffer(0);
  private boolean ended;
  private Optional<MySqlError> failure = Optional.empty();

  DumpExchange(
      long commandBytes, int eventBytesMax, Consumer<Bytes> events, Promise<Void> promise) {
    super(commandBytes, 1);
    this.eventBytesMax = eventBytesMax;
    this.events = events;
    this.promise = promise;
  }

  @Override
  int wanted(int firstByte, int length, boolean continued) {
    return length;
  }

  @Override
  void frame(Buffer in, int at, int length, int inView, boolean continued) {
    int from = at + PacketWriter.HEADER_BYTES;
    boolean last = length < PacketWriter.FRAME_PAYLOAD_MAX;
    if (last && !continued) {
      packet(in, from, length);
      return;
    }
    joined.appendBuffer(in, from, Math.min(length, room()));
    if (last) {
      Buffer whole = joined;
      joined = Buffer.buffer(0);
      packet(whole, 0, whole.length());
    }
  }

  /** The marker comes on top. */
  private int room() {
    return Math.max(0, eventBytesMax + 1 - joined.length());
  }

  private void packet(Buffer in, int from, int length) {
    if (length == 0) {
      throw ProtocolException.malformed("an empty packet between events");
    }
    switch (in.getUnsignedByte(from)) {
      case 0 -> events.accept(Bytes.owning(in.getBytes(from + 1, from + length)));
      case ErrPacket.MARKER -> {
        failure = Optional.of(ErrPacket.decode(in, from, from + length));
        ended = true;
      }
      case EofPacket.MARKER -> ended = true;
      default -> throw ProtocolException.malformed("neither an event nor an end");
    }
  }

  @Override
  void rest(Buffer in, int from, int end) {
    throw new IllegalStateException("frames are wanted as a whole");
  }

  @Override
  void flush() {}

  @Override
  boolean complete() {
    return ended;
  }

  @Override
  void finish() {
    failure.ifPresentOrElse(
        error -> promise.fail(new BackendRefusedException(error)), promise::complete);
  }

  @Override
  void fail(Throwable cause) {
    promise.tryFail(cause);
  }
}
