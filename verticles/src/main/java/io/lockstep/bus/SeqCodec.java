package io.lockstep.bus;

import io.lockstep.model.Seq;

/** Version 1: the number. */
public final class SeqCodec implements BodyCodec<Seq> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, Seq message) {
    out.u8(VERSION).i64(message.value());
  }

  @Override
  public Seq read(BodyReader in) {
    in.expectVersion(VERSION);
    return new Seq(in.i64());
  }
}
