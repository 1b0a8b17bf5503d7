package io.lockstep.bus;

import io.lockstep.model.WriteId;

/** Version 1: the session's two halves and the counter. */
public final class WriteIdCodec implements BodyCodec<WriteId> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, WriteId message) {
    out.u8(VERSION).writeId(message);
  }

  @Override
  public WriteId read(BodyReader in) {
    in.expectVersion(VERSION);
    return in.writeId();
  }
}
