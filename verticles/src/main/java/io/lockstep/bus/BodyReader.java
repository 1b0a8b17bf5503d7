package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.SessionId;
import io.lockstep.model.WriteId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads fields of a message in the order they were written. Never reads past its end. */
public final class BodyReader {
  private final Buffer buffer;
  private int at;

  public BodyReader(Buffer buffer) {
    this.buffer = buffer;
  }

  /** Reads the version byte and refuses any other than the given. */
  public void expectVersion(int version) {
    int found = u8();
    if (found != version) {
      throw new MalformedBodyException("version " + found + " is not " + version);
    }
  }

  public int u8() {
    return buffer.getUnsignedByte(claim(1));
  }

  public int u16() {
    return buffer.getUnsignedShort(claim(2));
  }

  public int i32() {
    return buffer.getInt(claim(4));
  }

  public long i64() {
    return buffer.getLong(claim(8));
  }

  /** A number that is never negative, as {@link BodyWriter#var} wrote it. */
  public long var() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      int group = u8();
      value |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        return value;
      }
    }
    throw new MalformedBodyException("a variable-length number has more than 63 bits");
  }

  public boolean bool() {
    int value = u8();
    if (value > 1) {
      throw new MalformedBodyException("not a boolean: " + value);
    }
    return value == 1;
  }

  public Bytes bytes(int lengthMax) {
    int length = count(lengthMax);
    int from = claim(length);
    return Bytes.owning(buffer.getBytes(from, from + length));
  }

  public String text(int bytesMax) {
    return bytes(bytesMax).utf8();
  }

  public NodeId node() {
    return new NodeId(text(64));
  }

  public WriteId writeId() {
    return new WriteId(new SessionId(i64(), i64()), var());
  }

  public <T> List<T> list(int sizeMax, Function<BodyReader, T> each) {
    int size = count(sizeMax);
    List<T> values = new ArrayList<>(Math.min(size, 1_024));
    for (int i = 0; i < size; i++) {
      values.add(each.apply(this));
    }
    return values;
  }

  public <T> Optional<T> optional(Function<BodyReader, T> each) {
    return bool() ? Optional.of(each.apply(this)) : Optional.empty();
  }

  /** One field as {@code codec} wrote it. */
  public <T> T message(BodyCodec<T> codec) {
    return codec.read(this);
  }

  /** Refuses bytes left over. */
  public void expectEnd() {
    if (at != buffer.length()) {
      throw new MalformedBodyException((buffer.length() - at) + " bytes are left over");
    }
  }

  private int count(int max) {
    long count = var();
    if (count > max) {
      throw new MalformedBodyException("a length of " + count + " is not within 0.." + max);
    }
    return (int) count;
  }

  private int claim(int length) {
    if (length > buffer.length() - at) {
      throw new MalformedBodyException("truncated at byte " + buffer.length());
    }
    int from = at;
    at += length;
    return from;
  }
}
