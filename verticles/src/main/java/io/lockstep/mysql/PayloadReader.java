package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/**
 * Reads the fields of one payload in order. A field that does not fit in what is left is a {@link
 * ProtocolException}, never a hang or an index error. Integers are little endian (MariaDB: Protocol
 * Data Types).
 */
public final class PayloadReader {
  private final Buffer in;
  private final int end;
  private int at;

  public PayloadReader(Buffer payload) {
    this(payload, 0, payload.length());
  }

  /** Reads {@code in} from {@code from} up to, not including, {@code end}. */
  public PayloadReader(Buffer in, int from, int end) {
    this.in = in;
    this.at = from;
    this.end = end;
  }

  public int remaining() {
    return end - at;
  }

  public boolean hasMore() {
    return at < end;
  }

  public int u8() {
    return in.getByte(take(1)) & 0xff;
  }

  public int u16() {
    return in.getUnsignedShortLE(take(2));
  }

  public int u24() {
    return in.getUnsignedMediumLE(take(3));
  }

  /** Four bytes, 0 to 2^32 - 1. */
  public long u32() {
    return in.getUnsignedIntLE(take(4));
  }

  /** Eight bytes as they are: the sign is the caller's to interpret. */
  public long i64() {
    return in.getLongLE(take(8));
  }

  /** A length-encoded integer; the NULL and ERR markers (0xfb, 0xff) are malformed here. */
  public long lenenc() {
    int first = u8();
    if (first < 0xfb) {
      return first;
    }
    return switch (first) {
      case 0xfc -> u16();
      case 0xfd -> u24();
      case 0xfe -> i64();
      default -> throw ProtocolException.malformed("not a length-encoded integer");
    };
  }

  /** True, and past it, if the next byte is the marker for NULL in a text row. */
  public boolean nullMarker() {
    if (at < end && (in.getByte(at) & 0xff) == 0xfb) {
      at++;
      return true;
    }
    return false;
  }

  public Bytes bytes(int length) {
    int from = take(length);
    return length == 0 ? Bytes.EMPTY : Bytes.owning(in.getBytes(from, from + length));
  }

  public Bytes lenencBytes() {
    return bytes(length());
  }

  /** The bytes up to a zero byte, which is consumed. */
  public Bytes nulTerminated() {
    int zero = at;
    while (zero < end && in.getByte(zero) != 0) {
      zero++;
    }
    if (zero == end) {
      throw ProtocolException.malformed("a string without its end");
    }
    Bytes text = bytes(zero - at);
    at++;
    return text;
  }

  /** As {@link #nulTerminated()}, but the end of the payload ends the string as well. */
  public Bytes nulTerminatedOrRest() {
    for (int zero = at; zero < end; zero++) {
      if (in.getByte(zero) == 0) {
        return nulTerminated();
      }
    }
    return rest();
  }

  public Bytes rest() {
    return bytes(remaining());
  }

  public void skip(int length) {
    take(length);
  }

  /** A reader of the next {@code lenenc} bytes alone. */
  public PayloadReader lenencPart() {
    int length = length();
    int from = take(length);
    return new PayloadReader(in, from, from + length);
  }

  private int length() {
    long length = lenenc();
    if (length < 0 || length > remaining()) {
      throw ProtocolException.malformed("a length beyond the packet's end");
    }
    return (int) length;
  }

  private int take(int length) {
    if (length < 0 || length > end - at) {
      throw ProtocolException.malformed("it ends too early");
    }
    int from = at;
    at += length;
    return from;
  }
}
