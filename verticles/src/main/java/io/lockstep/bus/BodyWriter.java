package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.model.WriteId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Appends fields to a message, big-endian; the mirror of {@link BodyReader}. Lengths and counts are
 * written as {@link #var variable-length numbers}: most of them take one byte.
 */
public final class BodyWriter {
  private final Buffer buffer;

  public BodyWriter() {
    this(Buffer.buffer(256));
  }

  /** Appends to what {@code buffer} holds already. */
  public BodyWriter(Buffer buffer) {
    this.buffer = buffer;
  }

  public BodyWriter u8(int value) {
    buffer.appendByte((byte) value);
    return this;
  }

  public BodyWriter u16(int value) {
    buffer.appendShort((short) value);
    return this;
  }

  public BodyWriter i32(int value) {
    buffer.appendInt(value);
    return this;
  }

  public BodyWriter i64(long value) {
    buffer.appendLong(value);
    return this;
  }

  /**
   * A number that is never negative, seven bits to a byte, the low ones first, the high bit set on
   * every byte but the last (unsigned LEB128).
   */
  public BodyWriter var(long value) {
    Require.that(value >= 0, "a variable-length number is never negative, was " + value);
    long rest = value;
    while (rest > 0x7f) {
      buffer.appendByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.appendByte((byte) rest);
    return this;
  }

  public BodyWriter bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  public BodyWriter bytes(Bytes value) {
    var(value.length());
    buffer.appendBytes(value.view());
    return this;
  }

  public BodyWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    var(utf8.length);
    buffer.appendBytes(utf8);
    return this;
  }

  public BodyWriter node(NodeId value) {
    return text(value.name());
  }

  public BodyWriter writeId(WriteId value) {
    return i64(value.session().high()).i64(value.session().low()).var(value.counter());
  }

  public <T> BodyWriter list(List<T> values, BiConsumer<BodyWriter, T> each) {
    var(values.size());
    values.forEach(value -> each.accept(this, value));
    return this;
  }

  public <T> BodyWriter optional(Optional<T> value, BiConsumer<BodyWriter, T> each) {
    bool(value.isPresent());
    value.ifPresent(present -> each.accept(this, present));
    return this;
  }

  /** One field as {@code codec} writes it, version byte and all. */
  public <T> BodyWriter message(BodyCodec<T> codec, T value) {
    codec.write(this, value);
    return this;
  }

  public int length() {
    return buffer.length();
  }

  public Buffer buffer() {
    return buffer;
  }
}
