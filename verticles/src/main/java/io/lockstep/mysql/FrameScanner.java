package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Cuts what a database sends into frames and hands each to the exchange whose turn it is, without
 * copying what lies in one chunk. Of a frame that is cut by the end of a chunk, it waits only for
 * as much as its exchange wants to see.
 */
final class FrameScanner {
  private static final int HEADER = PacketWriter.HEADER_BYTES;

  private final ArrayDeque<Exchange> waiting;
  private final Consumer<Exchange> completed;
  private final Consumer<Buffer> unsolicited;
  private Buffer held = Buffer.buffer();
  private int needed;
  private int restOfFrame;
  private boolean continued;
  private boolean stopped;

  /**
   * @param waiting the exchanges in the order of their commands; a complete one is removed
   * @param completed told of each complete exchange
   * @param unsolicited told the payload of a packet that nobody waits for
   */
  FrameScanner(
      ArrayDeque<Exchange> waiting, Consumer<Exchange> completed, Consumer<Buffer> unsolicited) {
    this.waiting = waiting;
    this.completed = completed;
    this.unsolicited = unsolicited;
  }

  /** Ignores everything from now on. */
  void stop() {
    stopped = true;
  }

  void feed(Buffer chunk) {
    int at = 0;
    while (held.length() > 0 && at < chunk.length() && !stopped) {
      int taken = Math.min(needed - held.length(), chunk.length() - at);
      held.appendBuffer(chunk, at, taken);
      at += taken;
      if (held.length() < needed) {
        return;
      }
      Buffer whole = held;
      int used = step(whole, 0, whole.length());
      if (used > 0) {
        held = Buffer.buffer();
        flushHead();
      } else {
        needed = -used;
      }
    }
    while (at < chunk.length() && !stopped) {
      int used = step(chunk, at, chunk.length() - at);
      if (used < 0) {
        needed = -used;
        held = Buffer.buffer(needed).appendBuffer(chunk, at, chunk.length() - at);
        break;
      }
      at += used;
    }
    flushHead();
  }

  /** Returns how many bytes were used, or, negative, how many are needed to go on. */
  private int step(Buffer in, int at, int available) {
    if (restOfFrame > 0) {
      return rest(in, at, available);
    }
    if (available < HEADER) {
      return -HEADER;
    }
    int length = in.getUnsignedMediumLE(at);
    if (length > 0 && available == HEADER) {
      return -HEADER - 1;
    }
    Exchange head = waiting.peek();
    int first = length == 0 ? 0 : in.getUnsignedByte(at + HEADER);
    int wanted = HEADER + (head == null ? length : head.wanted(first, length, continued));
    if (available < wanted) {
      return -wanted;
    }
    if (head == null) {
      unsolicited.accept(in.slice(at + HEADER, at + wanted));
      return wanted;
    }
    head.sequence(in.getUnsignedByte(at + 3));
    int inView = Math.min(length, available - HEADER);
    head.frame(in, at, length, inView, continued);
    continued = length == PacketWriter.FRAME_PAYLOAD_MAX;
    restOfFrame = length - inView;
    endOfFrame(head);
    return HEADER + inView;
  }

  private int rest(Buffer in, int at, int available) {
    int taken = Math.min(restOfFrame, available);
    restOfFrame -= taken;
    Exchange head = waiting.element();
    head.rest(in, at, at + taken);
    endOfFrame(head);
    return taken;
  }

  private void endOfFrame(Exchange head) {
    if (restOfFrame == 0 && !continued && head.complete()) {
      waiting.remove();
      head.flush();
      completed.accept(head);
    }
  }

  private void flushHead() {
    Exchange head = waiting.peek();
    if (head != null) {
      head.flush();
    }
  }
}
