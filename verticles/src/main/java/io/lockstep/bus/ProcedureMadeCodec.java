package io.lockstep.bus;

import io.lockstep.model.MySqlError;
import io.lockstep.model.ProcedureMade;

/** Version 1: a tag, then the case's own fields. Tags are never reused. */
public final class ProcedureMadeCodec implements BodyCodec<ProcedureMade> {
  private static final int VERSION = 1;
  private static final int MADE = 1;
  private static final int REFUSED = 2;
  private static final int SQL_STATE_BYTES_MAX = 5;
  private static final int MESSAGE_BYTES_MAX = 4_096;

  @Override
  public void write(BodyWriter out, ProcedureMade message) {
    out.u8(VERSION);
    message.fold(
        made -> out.u8(MADE).text(made.name()),
        refused ->
            out.u8(REFUSED)
                .u16(refused.error().code())
                .text(refused.error().sqlState())
                .text(refused.error().message()));
  }

  @Override
  public ProcedureMade read(BodyReader in) {
    in.expectVersion(VERSION);
    int tag = in.u8();
    return switch (tag) {
      case MADE -> new ProcedureMade.Made(in.text(ProcedureAskedCodec.NAME_BYTES_MAX));
      case REFUSED ->
          new ProcedureMade.Refused(
              new MySqlError(in.u16(), in.text(SQL_STATE_BYTES_MAX), in.text(MESSAGE_BYTES_MAX)));
      default -> throw new MalformedBodyException("no answer has the tag " + tag);
    };
  }
}
