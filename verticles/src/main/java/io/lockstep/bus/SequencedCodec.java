package io.lockstep.bus;

import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.Term;

/** Version 1: a tag, then the case's own fields. Tags are never reused. */
public final class SequencedCodec implements BodyCodec<Sequenced> {
  private static final int VERSION = 1;
  private static final int AT = 1;
  private static final int NOT_HERE = 2;
  private static final int FULL = 3;
  private static final int UNKNOWN = 4;

  @Override
  public void write(BodyWriter out, Sequenced message) {
    out.u8(VERSION);
    message.fold(
        at -> out.u8(AT).var(at.seq().value()),
        elsewhere ->
            out.u8(NOT_HERE)
                .var(elsewhere.term().value())
                .optional(elsewhere.ask(), BodyWriter::node),
        full -> out.u8(FULL).i32(full.writesMax()),
        unknown -> out.u8(UNKNOWN).writeId(unknown.id()));
  }

  @Override
  public Sequenced read(BodyReader in) {
    in.expectVersion(VERSION);
    int tag = in.u8();
    return switch (tag) {
      case AT -> new Sequenced.At(new Seq(in.var()));
      case NOT_HERE -> new Sequenced.NotHere(new Term(in.var()), in.optional(BodyReader::node));
      case FULL -> new Sequenced.Full(in.i32());
      case UNKNOWN -> new Sequenced.Unknown(in.writeId());
      default -> throw new MalformedBodyException("no answer of a sequencer has the tag " + tag);
    };
  }
}
