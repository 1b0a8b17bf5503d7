package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/** Writes and reads one kind of message. The first byte is the version of its form. */
public interface BodyCodec<T> {
  void write(BodyWriter out, T message);

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws MalformedBodyException for truncated, oversized or unknown input
   */
  T read(BodyReader in);

  /** The whole message as one body. */
  default Buffer encode(T message) {
    BodyWriter out = new BodyWriter();
    write(out, message);
    return out.buffer();
  }

  /** The whole message as bytes that are kept. */
  default Bytes bytes(T message) {
    return Bytes.owning(encode(message).getBytes());
  }

  /**
   * Reads a body that holds this message and nothing else.
   *
   * @throws MalformedBodyException also for content that the message's own type refuses
   */
  default T decode(Buffer body) {
    try {
      BodyReader in = new BodyReader(body);
      T message = read(in);
      in.expectEnd();
      return message;
    } catch (IllegalArgumentException refused) {
      throw new MalformedBodyException("its content is refused: " + refused, refused);
    }
  }

  /** As {@link #decode(Buffer)}. */
  default T decode(Bytes body) {
    return decode(Buffer.buffer(body.view()));
  }
}
