package io.lockstep.bus;

import io.lockstep.model.KillAnswer;

/** Version 1: the answer's code. */
public final class KillAnswerCodec implements BodyCodec<KillAnswer> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, KillAnswer message) {
    out.u8(VERSION).u8(message.code());
  }

  @Override
  public KillAnswer read(BodyReader in) {
    in.expectVersion(VERSION);
    return KillAnswer.of(in.u8());
  }
}
