package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Collects a whole reply, up to a bound in bytes; past it the rest is read and dropped. */
final class CollectExchange extends Exchange {
  private final ReplyTracker tracker;
  private final long capabilities;
  private final long bytesMax;
  private final Promise<Reply> promise;
  private final IntUnaryOperator file;
  private final Consumer<Reply.Rows> each;
  private final Supplier<Charset> messages;
  private List<Bytes> packets = List.of();
  private List<Reply.Part> parts = List.of();
  private Buffer joined = Buffer.buffer(0);
  private long bytes;
  private int columns;

  CollectExchange(
      long commandBytes,
      int firstSequence,
      ReplyShape shape,
      long capabilities,
      long bytesMax,
      Promise<Reply> promise) {
    this(
        commandBytes,
        firstSequence,
        shape,
        capabilities,
        bytesMax,
        promise,
        sequence -> 0,
        rows -> {},
        () -> StandardCharsets.UTF_8);
  }

  /**
   * @param file sends the file that the database asks for, beginning with a sequence id, and
   *     answers in how many packets
   * @param each is shown every result set that is kept, when it is complete
   * @param messages what the texts of errors are in
   */
  CollectExchange(
      long commandBytes,
      int firstSequence,
      ReplyShape shape,
      long capabilities,
      long bytesMax,
      Promise<Reply> promise,
      IntUnaryOperator file,
      Consumer<Reply.Rows> each,
      Supplier<Charset> messages) {
    super(commandBytes, firstSequence);
    this.tracker = new ReplyTracker(shape);
    this.capabilities = capabilities;
    this.bytesMax = bytesMax;
    this.promise = promise;
    this.file = file;
    this.each = each;
    this.messages = messages;
  }

  @Override
  int wanted(int firstByte, int length, boolean continued) {
    return length;
  }

  @Override
  void frame(Buffer in, int at, int length, int inView, boolean continued) {
    int from = at + PacketWriter.HEADER_BYTES;
    if (length < PacketWriter.FRAME_PAYLOAD_MAX && !continued) {
      packet(in, from, length);
      return;
    }
    bytes += length;
    if (bytes <= bytesMax || joined.length() == 0) {
      joined.appendBuffer(in, from, length);
    }
    if (length < PacketWriter.FRAME_PAYLOAD_MAX) {
      Buffer whole = joined;
      joined = Buffer.buffer(0);
      packet(whole, 0, whole.length());
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
    return tracker.complete();
  }

  @Override
  void finish() {
    if (bytes > bytesMax) {
      promise.fail(new ReplyTooLargeException(bytesMax));
    } else if (parts.size() == 1 && parts.get(0) instanceof Reply reply) {
      promise.complete(reply);
    } else {
      promise.complete(new Reply.Results(parts));
    }
  }

  @Override
  void fail(Throwable cause) {
    promise.tryFail(cause);
  }

  private void packet(Buffer in, int from, int length) {
    ReplyTracker.Kind kind = tracker.packet(in, from, length);
    switch (kind) {
      case OK -> part(new Reply.Ok(OkPacket.decode(in, from, from + length, capabilities)));
      case FILE -> {
        int sent = file.applyAsInt(nextSequence());
        for (int i = 0; i < sent; i++) {
          skipSequence();
        }
      }
      case ERR -> part(new Reply.Err(ErrPacket.decode(in, from, from + length, messages.get())));
      default -> {
        keep(in, from, length);
        columns += kind == ReplyTracker.Kind.DEFINITION ? 1 : 0;
        if (tracker.resultEnded()) {
          Reply.Rows rows = new Reply.Rows(packets, columns, tracker.status(), tracker.warnings());
          part(rows);
          packets = List.of();
          columns = 0;
          if (bytes <= bytesMax) {
            each.accept(rows);
          }
        }
      }
    }
  }

  private void keep(Buffer in, int from, int length) {
    bytes += length;
    if (bytes > bytesMax) {
      packets = List.of();
      parts = List.of();
      return;
    }
    if (packets.isEmpty()) {
      packets = new ArrayList<>();
    }
    packets.add(Bytes.owning(in.getBytes(from, from + length)));
  }

  private void part(Reply.Part part) {
    if (tracker.complete() && parts.isEmpty()) {
      parts = List.of(part);
      return;
    }
    if (parts.isEmpty()) {
      parts = new ArrayList<>();
    }
    parts.add(part);
  }
}
