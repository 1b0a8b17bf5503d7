package io.lockstep.bus;

import io.lockstep.model.BranchId;
import io.lockstep.model.CaptureQuestion;

/** Version 1: the branch's name and the milliseconds since its preparation. */
public final class CaptureQuestionCodec implements BodyCodec<CaptureQuestion> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, CaptureQuestion message) {
    out.u8(VERSION).text(message.branch().name()).var(message.sincePrepareMs());
  }

  @Override
  public CaptureQuestion read(BodyReader in) {
    in.expectVersion(VERSION);
    return new CaptureQuestion(new BranchId(in.text(BranchId.LENGTH_MAX)), in.var());
  }
}
