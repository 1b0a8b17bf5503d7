package io.lockstep.bus;

/** Writes and reads one kind of message. The first byte is the version of its form. */
public interface BodyCodec<T> {
  void write(BodyWriter out, T message);

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws MalformedBodyException for truncated, oversized or unknown input
   */
  T read(BodyReader in);
}
