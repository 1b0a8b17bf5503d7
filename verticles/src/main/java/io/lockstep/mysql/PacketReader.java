package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts a byte stream into packets: joins the frames of a packet of 16 MB - 1 or more, checks the
 * sequence ids and the bound. Holds at most one packet and one chunk. A command past the bound is
 * dropped to its end before it is refused: who sends it looks for an answer behind it, and a
 * connection closed amid it would be all that he hears of. Not thread-safe; while paused it
 * delivers nothing and keeps what it is fed, so the stream behind it must be paused as well.
 */
public final class PacketReader {
  /** Receives each payload, with the sequence id that an answer to it begins with. */
  @FunctionalInterface
  public interface Receiver {
    void packet(Buffer payload, int nextSequence);
  }

  /** How the sequence id of a packet follows from the one before it. */
  private enum Phase {
    TURNS,
    COMMANDS,
    REPLY
  }

  private static final int HEADER = PacketWriter.HEADER_BYTES;

  private final Receiver receiver;
  private int payloadMax;
  private Buffer held = Buffer.buffer();
  private Buffer joined = Buffer.buffer();
  private int expected;
  private Phase phase = Phase.TURNS;
  private boolean paused;
  private boolean draining;

  /** A command past the bound is under way. */
  private boolean dropping;

  /** What is still to come of its frame at hand, in bytes. */
  private int toDrop;

  private boolean inLastFrame;

  /**
   * Begins in the connection phase, where the two sides take turns by one packet each.
   *
   * @param payloadMax bytes of the longest payload that is accepted
   * @param expected the sequence id of the first frame: 0 for a client, 1 for a server
   */
  public PacketReader(int payloadMax, int expected, Receiver receiver) {
    this.payloadMax = payloadMax;
    this.expected = expected;
    this.receiver = receiver;
  }

  /** From now on each packet is a command, whose sequence ids begin at 0. */
  public void commandPhase() {
    phase = Phase.COMMANDS;
    expected = 0;
  }

  /** From now on the packets are those of one reply, which count on from the one expected next. */
  public void replyPhase() {
    phase = Phase.REPLY;
  }

  /** The sequence id of the next frame: for a peer that is in the middle of a conversation. */
  public void expect(int sequence) {
    phase = Phase.TURNS;
    expected = sequence & 0xff;
  }

  /** A new bound for the payloads to come, in bytes. */
  public void payloadMax(int bytes) {
    payloadMax = bytes;
  }

  public void pause() {
    paused = true;
  }

  /** Delivers what was held back, as far as the receiver does not pause again. */
  public void resume() {
    paused = false;
    if (!draining) {
      drain();
    }
  }

  /** Gives up what has arrived behind the last packet: it belongs to another layer. */
  public Buffer takeRest() {
    Buffer rest = held;
    held = Buffer.buffer();
    return rest;
  }

  /** The sequence id of an answer to what was refused. */
  public int answersWith() {
    return expected;
  }

  /** True if nothing of a further packet has arrived. */
  public boolean idle() {
    return held.length() == 0 && joined.length() == 0;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @throws ProtocolException 1156 or 1153; the connection is to be closed then
   */
  public void feed(Buffer chunk) {
    // A held buffer may still be read through slices that were delivered: never append to it.
    held = held.length() == 0 ? chunk : join(held, chunk);
    if (!paused && !draining) {
      drain();
    }
  }

  private void drain() {
    draining = true;
    try {
      int used;
      do {
        used = frame();
      } while (used > 0 && !paused);
    } finally {
      draining = false;
    }
  }

  private int frame() {
    Buffer in = held;
    if (toDrop > 0) {
      return drop(Math.min(toDrop, in.length()));
    }
    if (in.length() < HEADER) {
      return 0;
    }
    int length = in.getUnsignedMediumLE(0);
    if (in.getUnsignedByte(3) != expected) {
      throw ProtocolException.outOfOrder();
    }
    if (dropping || (long) joined.length() + length > payloadMax) {
      return beginToDrop(length);
    }
    int used = HEADER + length;
    if (in.length() < used) {
      return 0;
    }
    held = in.length() == used ? Buffer.buffer() : in.slice(used, in.length());
    expected = (expected + 1) & 0xff;
    Buffer payload = in.slice(HEADER, used);
    if (length == PacketWriter.FRAME_PAYLOAD_MAX) {
      joined.appendBuffer(payload);
      return used;
    }
    if (joined.length() > 0) {
      payload = joined.appendBuffer(payload);
      joined = Buffer.buffer();
    }
    int next = expected;
    expected = after(expected);
    receiver.packet(payload, next);
    return used;
  }

  private int beginToDrop(int length) {
    if (phase != Phase.COMMANDS) {
      throw ProtocolException.tooLarge();
    }
    dropping = true;
    joined = Buffer.buffer();
    expected = (expected + 1) & 0xff;
    inLastFrame = length < PacketWriter.FRAME_PAYLOAD_MAX;
    toDrop = length;
    held = held.slice(HEADER, held.length());
    return HEADER + drop(Math.min(toDrop, held.length()));
  }

  private int drop(int bytes) {
    toDrop -= bytes;
    held = held.slice(bytes, held.length());
    if (toDrop == 0 && inLastFrame) {
      throw ProtocolException.tooLarge();
    }
    return bytes;
  }

  private int after(int next) {
    return switch (phase) {
      case COMMANDS -> 0;
      case TURNS -> (next + 1) & 0xff;
      case REPLY -> next;
    };
  }

  private static Buffer join(Buffer first, Buffer second) {
    return Buffer.buffer(first.length() + second.length()).appendBuffer(first).appendBuffer(second);
  }
}
