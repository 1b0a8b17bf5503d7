package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** Gathers the commands of one turn of the event loop, so that they go out in one write. */
final class CommandBuffer {
  /** As much is written at once, without waiting for the turn's end. */
  private static final int FLUSH_BYTES = 256 << 10;

  /** A longer command is not copied behind the others but written by itself. */
  private static final int COPY_BYTES_MAX = 32 << 10;

  /** Room behind the first command of a turn, for another short one. */
  private static final int SPARE_BYTES = 64;

  private final Context context;
  private final WriteStream<Buffer> socket;
  private Buffer pending = Buffer.buffer();
  private boolean scheduled;

  CommandBuffer(Context context, WriteStream<Buffer> socket) {
    this.context = context;
    this.socket = socket;
  }

  void command(int code, Bytes argument) {
    int length = argument.length() + 1;
    if (length >= PacketWriter.FRAME_PAYLOAD_MAX) {
      command(Buffer.buffer(length).appendByte((byte) code).appendBytes(argument.view()));
      return;
    }
    room(length);
    pending.appendMediumLE(length).appendByte((byte) 0).appendByte((byte) code);
    if (length <= COPY_BYTES_MAX) {
      pending.appendBytes(argument.view());
      schedule();
    } else {
      flush();
      socket.write(Buffer.buffer(argument.view()));
    }
  }

  void command(Buffer payload) {
    if (payload.length() <= COPY_BYTES_MAX) {
      room(payload.length());
      pending.appendMediumLE(payload.length()).appendByte((byte) 0).appendBuffer(payload);
      schedule();
      return;
    }
    int at = 0;
    int sequence = 0;
    int length;
    do {
      length = Math.min(payload.length() - at, PacketWriter.FRAME_PAYLOAD_MAX);
      pending.appendMediumLE(length).appendByte((byte) sequence++);
      flush();
      if (length > 0) {
        socket.write(payload.slice(at, at + length));
      }
      at += length;
    } while (length == PacketWriter.FRAME_PAYLOAD_MAX);
  }

  /** A packet in the middle of a conversation. */
  void packet(Buffer payload, int sequence) {
    flush();
    Buffer header = Buffer.buffer(PacketWriter.HEADER_BYTES + payload.length());
    socket.write(
        header.appendMediumLE(payload.length()).appendByte((byte) sequence).appendBuffer(payload));
  }

  void flush() {
    if (pending.length() > 0) {
      Buffer full = pending;
      pending = Buffer.buffer();
      socket.write(full);
    }
  }

  /** Most turns have one command: the buffer begins as large as that. */
  private void room(int length) {
    if (pending.length() == 0) {
      int copied = length <= COPY_BYTES_MAX ? length : 0;
      pending = Buffer.buffer(PacketWriter.HEADER_BYTES + copied + SPARE_BYTES);
    }
  }

  private void schedule() {
    if (pending.length() >= FLUSH_BYTES) {
      flush();
    } else if (!scheduled) {
      scheduled = true;
      context.runOnContext(
          turned -> {
            scheduled = false;
            flush();
          });
    }
  }
}
