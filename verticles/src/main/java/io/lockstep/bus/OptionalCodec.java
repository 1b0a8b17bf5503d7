package io.lockstep.bus;

import java.util.Optional;

/** Version 1: a message that may be absent. */
public record OptionalCodec<T>(BodyCodec<T> each) implements BodyCodec<Optional<T>> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, Optional<T> message) {
    out.u8(VERSION).optional(message, (to, present) -> to.message(each, present));
  }

  @Override
  public Optional<T> read(BodyReader in) {
    in.expectVersion(VERSION);
    return in.optional(from -> from.message(each));
  }
}
