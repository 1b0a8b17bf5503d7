package io.lockstep.bus;

import io.lockstep.model.ClientProcess;
import io.lockstep.model.KillAsked;

/** Version 1: the fields in their order. */
public final class KillAskedCodec implements BodyCodec<KillAsked> {
  private static final int VERSION = 1;
  private static final int USER_BYTES_MAX = 4 * ClientProcess.WORD_LENGTH_MAX;

  @Override
  public void write(BodyWriter out, KillAsked message) {
    out.u8(VERSION)
        .var(message.id())
        .bool(message.queryOnly())
        .text(message.user())
        .bool(message.anybody());
  }

  @Override
  public KillAsked read(BodyReader in) {
    in.expectVersion(VERSION);
    return new KillAsked(in.var(), in.bool(), in.text(USER_BYTES_MAX), in.bool());
  }
}
