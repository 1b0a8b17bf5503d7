package io.lockstep.bus;

import io.lockstep.model.Seq;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.Term;

/** Version 1: the fields in their order. */
public final class SequencerStatusCodec implements BodyCodec<SequencerStatus> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, SequencerStatus message) {
    out.u8(VERSION)
        .node(message.node())
        .u8(message.role().code())
        .var(message.term().value())
        .var(message.last().value())
        .i32(message.queuedWrites())
        .i32(message.appendsInFlight());
  }

  @Override
  public SequencerStatus read(BodyReader in) {
    in.expectVersion(VERSION);
    return new SequencerStatus(
        in.node(),
        SequencerStatus.Role.of(in.u8()),
        new Term(in.var()),
        new Seq(in.var()),
        in.i32(),
        in.i32());
  }
}
