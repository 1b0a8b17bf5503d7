package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/**
 * One command that was sent and the answer that is expected to it. Driven by {@link FrameScanner}
 * on the connection's event loop.
 */
abstract class Exchange {
  private final long commandBytes;
  private int expected;

  /**
   * @param commandBytes what the command takes on the wire
   * @param firstSequence the sequence id that its answer begins with
   */
  Exchange(long commandBytes, int firstSequence) {
    this.commandBytes = commandBytes;
    this.expected = firstSequence & 0xff;
  }

  final long commandBytes() {
    return commandBytes;
  }

  /** Checks and counts a frame's sequence id. */
  final void sequence(int id) {
    if (id != expected) {
      throw ProtocolException.outOfOrder();
    }
    expected = (expected + 1) & 0xff;
  }

  /** The sequence id that the next packet has, from whichever side it comes. */
  final int nextSequence() {
    return expected;
  }

  /** After a packet of ours in the middle of the conversation. */
  final void skipSequence() {
    expected = (expected + 1) & 0xff;
  }

  /** How many bytes of a frame's payload must be in view before {@link #frame}. */
  abstract int wanted(int firstByte, int length, boolean continued);

  /**
   * The next frame.
   *
   * @param at where its header begins in {@code in}
   * @param length of its whole payload
   * @param inView how much of the payload is in {@code in}; the rest comes by {@link #rest}
   * @param continued it goes on with the packet of the frame before
   */
  abstract void frame(Buffer in, int at, int length, int inView, boolean continued);

  /** More bytes of the last frame. */
  abstract void rest(Buffer in, int from, int end);

  /** The buffer of the last calls is about to be left. */
  abstract void flush();

  /** True if the packet that has just ended is the reply's last. */
  abstract boolean complete();

  /** Tells whoever waits. Called once, when nothing of the reply is left. */
  abstract void finish();

  /** Tells whoever waits that the rest will never come. */
  abstract void fail(Throwable cause);
}
