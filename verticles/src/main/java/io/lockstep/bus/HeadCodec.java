package io.lockstep.bus;

import io.lockstep.model.Head;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Seq;

/** Version 1: index and seq. */
public final class HeadCodec implements BodyCodec<Head> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, Head message) {
    out.u8(VERSION).i64(message.index().value()).var(message.seq().value());
  }

  @Override
  public Head read(BodyReader in) {
    in.expectVersion(VERSION);
    return new Head(new LogIndex(in.i64()), new Seq(in.var()));
  }
}
