package io.lockstep.bus;

import io.lockstep.model.InTheWay;

/** Version 1. */
public final class InTheWayCodec implements BodyCodec<InTheWay> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, InTheWay message) {
    out.u8(VERSION).node(message.node()).list(message.connections(), BodyWriter::i64);
  }

  @Override
  public InTheWay read(BodyReader in) {
    in.expectVersion(VERSION);
    return new InTheWay(in.node(), in.list(InTheWay.CONNECTIONS_MAX, BodyReader::i64));
  }
}
