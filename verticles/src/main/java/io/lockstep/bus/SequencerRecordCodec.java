package io.lockstep.bus;

import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;

/** Version 1: term and node. */
public final class SequencerRecordCodec implements BodyCodec<SequencerRecord> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, SequencerRecord message) {
    out.u8(VERSION).var(message.term().value()).node(message.node());
  }

  @Override
  public SequencerRecord read(BodyReader in) {
    in.expectVersion(VERSION);
    return new SequencerRecord(new Term(in.var()), in.node());
  }
}
