package io.lockstep.bus;

import io.lockstep.model.HandedOver;

/** Version 1. */
public final class HandedOverCodec implements BodyCodec<HandedOver> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, HandedOver message) {
    out.u8(VERSION).node(message.node()).list(message.rows(), BodyWriter::i32);
  }

  @Override
  public HandedOver read(BodyReader in) {
    in.expectVersion(VERSION);
    return new HandedOver(in.node(), in.list(HandedOver.ROWS_MAX, BodyReader::i32));
  }
}
