package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.vertx.core.buffer.Buffer;

/**
 * Appends whole packets to one buffer, framed and numbered. A payload of 16 MB - 1 or more is split
 * into frames as the protocol demands (MariaDB: 0 Packet). Not thread-safe.
 *
 * <pre>{@code new PacketWriter(1).begin().u8(0).lenenc(affected).end().toBuffer()}</pre>
 */
public final class PacketWriter {
  /** The longest payload of one frame; a frame this long is continued by the next. */
  public static final int FRAME_PAYLOAD_MAX = 0xff_ffff;

  static final int HEADER_BYTES = 4;

  private Buffer out;
  private int sequence;
  private int open = -1;

  /** {@code firstSequence} is the sequence id of the first frame, 0 to 255. */
  public PacketWriter(int firstSequence) {
    this(firstSequence, Buffer.buffer(128));
  }

  PacketWriter(int firstSequence, Buffer out) {
    this.sequence = firstSequence & 0xff;
    this.out = out;
  }

  public PacketWriter begin() {
    Require.that(open < 0, "the packet before was not ended");
    open = out.length();
    out.appendIntLE(0);
    return this;
  }

  public PacketWriter end() {
    Require.that(open >= 0, "no packet was begun");
    int from = open + HEADER_BYTES;
    int length = out.length() - from;
    if (length < FRAME_PAYLOAD_MAX) {
      header(out, open, length);
    } else {
      split(from, length);
    }
    open = -1;
    return this;
  }

  /** One whole packet. */
  public PacketWriter packet(Buffer payload) {
    if (payload.length() < FRAME_PAYLOAD_MAX) {
      appendHeader(out, payload.length());
      out.appendBuffer(payload);
    } else {
      frames(out, payload);
    }
    return this;
  }

  public PacketWriter packet(Bytes payload) {
    if (payload.length() < FRAME_PAYLOAD_MAX) {
      appendHeader(out, payload.length());
      out.appendBytes(payload.view());
      return this;
    }
    return packet(Buffer.buffer(payload.view()));
  }

  public PacketWriter u8(int value) {
    out.appendByte((byte) value);
    return this;
  }

  public PacketWriter u16(int value) {
    out.appendShortLE((short) value);
    return this;
  }

  public PacketWriter u24(int value) {
    out.appendMediumLE(value);
    return this;
  }

  public PacketWriter u32(long value) {
    out.appendIntLE((int) value);
    return this;
  }

  public PacketWriter i64(long value) {
    out.appendLongLE(value);
    return this;
  }

  /** {@code value} is unsigned. */
  public PacketWriter lenenc(long value) {
    if (value >= 0 && value < 0xfb) {
      return u8((int) value);
    }
    if (value >= 0 && value <= 0xffff) {
      return u8(0xfc).u16((int) value);
    }
    if (value >= 0 && value <= 0xff_ffff) {
      return u8(0xfd).u24((int) value);
    }
    return u8(0xfe).i64(value);
  }

  public PacketWriter bytes(byte[] value) {
    out.appendBytes(value);
    return this;
  }

  public PacketWriter bytes(Bytes value) {
    return bytes(value.view());
  }

  public PacketWriter lenencBytes(Bytes value) {
    return lenenc(value.length()).bytes(value);
  }

  public PacketWriter lenencUtf8(String value) {
    return lenencBytes(Bytes.utf8(value));
  }

  public PacketWriter nulTerminated(Bytes value) {
    return bytes(value).u8(0);
  }

  /** What the text protocol sends for NULL. */
  public PacketWriter nullMarker() {
    return u8(0xfb);
  }

  public PacketWriter zeros(int count) {
    return bytes(new byte[count]);
  }

  /** The sequence id that the next frame would have. */
  public int nextSequence() {
    return sequence;
  }

  public int length() {
    return out.length();
  }

  /** All packets so far. The writer must not be used any more. */
  public Buffer toBuffer() {
    Require.that(open < 0, "the last packet was not ended");
    return out;
  }

  private void split(int from, int length) {
    Buffer head = out.getBuffer(0, open);
    frames(head, out.slice(from, from + length));
    out = head;
  }

  private void frames(Buffer to, Buffer payload) {
    int at = 0;
    int length;
    do {
      length = Math.min(payload.length() - at, FRAME_PAYLOAD_MAX);
      appendHeader(to, length);
      to.appendBuffer(payload, at, length);
      at += length;
    } while (length == FRAME_PAYLOAD_MAX);
  }

  private void appendHeader(Buffer to, int length) {
    to.appendMediumLE(length).appendByte((byte) sequence);
    sequence = (sequence + 1) & 0xff;
  }

  private void header(Buffer to, int position, int length) {
    to.setMediumLE(position, length).setByte(position + 3, (byte) sequence);
    sequence = (sequence + 1) & 0xff;
  }
}
