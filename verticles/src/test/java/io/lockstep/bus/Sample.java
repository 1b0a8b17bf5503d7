package io.lockstep.bus;

import java.util.HexFormat;

/** A message, and the bytes by which it is known for ever. */
record Sample<T>(BodyCodec<T> codec, T message, String golden) {
  String encoded() {
    return HexFormat.of().formatHex(codec.encode(message).getBytes());
  }

  @Override
  public String toString() {
    return codec.getClass().getSimpleName() + " of " + message;
  }
}
