package io.lockstep.bus;

import io.lockstep.model.Applied;
import io.lockstep.model.Seq;

/** Version 1: id, seq, outcome. */
public final class AppliedCodec implements BodyCodec<Applied> {
  private static final int VERSION = 1;
  private static final OutcomeCodec OUTCOME = new OutcomeCodec();

  @Override
  public void write(BodyWriter out, Applied message) {
    out.u8(VERSION)
        .writeId(message.id())
        .var(message.seq().value())
        .message(OUTCOME, message.outcome());
  }

  @Override
  public Applied read(BodyReader in) {
    in.expectVersion(VERSION);
    return new Applied(in.writeId(), new Seq(in.var()), in.message(OUTCOME));
  }
}
