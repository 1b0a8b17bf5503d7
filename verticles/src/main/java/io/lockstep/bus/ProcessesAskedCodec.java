package io.lockstep.bus;

import io.lockstep.model.ClientProcess;
import io.lockstep.model.ProcessesAsked;

/** Version 1: the user, the longest statement. */
public final class ProcessesAskedCodec implements BodyCodec<ProcessesAsked> {
  private static final int VERSION = 1;
  private static final int USER_BYTES_MAX = 4 * ClientProcess.WORD_LENGTH_MAX;

  @Override
  public void write(BodyWriter out, ProcessesAsked message) {
    out.u8(VERSION).optional(message.user(), BodyWriter::text).var(message.infoLengthMax());
  }

  @Override
  public ProcessesAsked read(BodyReader in) {
    in.expectVersion(VERSION);
    return new ProcessesAsked(
        in.optional(from -> from.text(USER_BYTES_MAX)),
        (int) Math.min(in.var(), Integer.MAX_VALUE));
  }
}
