package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.WriteId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Appends fields to a message, big-endian; the mirror of {@link BodyReader}. */
public final class BodyWriter {
  private final Buffer buffer = Buffer.buffer(256);

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

  public BodyWriter bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  public BodyWriter bytes(Bytes value) {
    buffer.appendInt(value.length());
    buffer.appendBytes(value.view());
    return this;
  }

  public BodyWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    buffer.appendInt(utf8.length);
    buffer.appendBytes(utf8);
    return this;
  }

  public BodyWriter node(NodeId value) {
    return text(value.name());
  }

  public BodyWriter writeId(WriteId value) {
    return i64(value.session().high()).i64(value.session().low()).i64(value.counter());
  }

  public <T> BodyWriter list(List<T> values, BiConsumer<BodyWriter, T> each) {
    buffer.appendInt(values.size());
    values.forEach(value -> each.accept(this, value));
    return this;
  }

  public <T> BodyWriter optional(Optional<T> value, BiConsumer<BodyWriter, T> each) {
    bool(value.isPresent());
    value.ifPresent(present -> each.accept(this, present));
    return this;
  }

  public int length() {
    return buffer.length();
  }

  public Buffer buffer() {
    return buffer;
  }
}
