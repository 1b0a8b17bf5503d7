package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/**
 * Passes on a result that is one of several to the same command: its frames get the sequence ids
 * that count on, and its EOF packets tell that another result follows, if one does. Frames may come
 * in any pieces. On the connection's context, as any sink.
 */
public final class LaterFrames implements RelaySink {
  private static final int EOF = 0xfe;
  private static final int EOF_LENGTH_MAX = 9;

  /** The lower byte of an EOF packet's status flags (MariaDB: EOF_Packet). */
  private static final int STATUS_AT = 3;

  private final RelaySink inner;
  private final boolean more;
  private int sequence;

  /** How much of the frame at hand has passed, its header included. */
  private int passed;

  private int length;
  private boolean eof;
  private boolean continued;

  /**
   * @param sequence the id of the first frame
   * @param more whether another result follows
   */
  public LaterFrames(RelaySink inner, int sequence, boolean more) {
    this.inner = inner;
    this.sequence = sequence;
    this.more = more;
  }

  /** The id of the frame that comes next. */
  public int nextSequence() {
    return sequence;
  }

  @Override
  public void frames(Buffer frames) {
    byte[] bytes = frames.getBytes();
    int i = 0;
    while (i < bytes.length) {
      if (passed < PacketWriter.HEADER_BYTES) {
        header(bytes, i++);
      } else {
        i += payload(bytes, i);
      }
      if (passed == PacketWriter.HEADER_BYTES + length) {
        continued = length == PacketWriter.FRAME_PAYLOAD_MAX;
        passed = 0;
        length = 0;
      }
    }
    inner.frames(Buffer.buffer(bytes));
  }

  private void header(byte[] bytes, int i) {
    if (passed == PacketWriter.HEADER_BYTES - 1) {
      bytes[i] = (byte) sequence;
      sequence = (sequence + 1) & 0xff;
    } else {
      length |= (bytes[i] & 0xff) << (Byte.SIZE * passed);
    }
    passed++;
  }

  /** How many bytes of it there were. */
  private int payload(byte[] bytes, int i) {
    int at = passed - PacketWriter.HEADER_BYTES;
    if (at == 0) {
      eof = !continued && (bytes[i] & 0xff) == EOF && length < EOF_LENGTH_MAX;
    }
    int taken = Math.min(bytes.length - i, length - at);
    if (eof && more && at <= STATUS_AT && at + taken > STATUS_AT) {
      bytes[i + STATUS_AT - at] |= ServerStatus.MORE_RESULTS;
    }
    passed += taken;
    return taken;
  }

  @Override
  public boolean full() {
    return inner.full();
  }

  @Override
  public void whenDrained(Runnable resume) {
    inner.whenDrained(resume);
  }
}
