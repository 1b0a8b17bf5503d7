package io.lockstep.bus;

import io.lockstep.model.Account;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;

/** Version 1: the fields in their order. */
public final class ProcedureAskedCodec implements BodyCodec<ProcedureAsked> {
  private static final int VERSION = 1;
  private static final int UTF8_BYTES_PER_CHARACTER = 4;
  static final int NAME_BYTES_MAX = 64 * UTF8_BYTES_PER_CHARACTER;

  @Override
  public void write(BodyWriter out, ProcedureAsked message) {
    out.u8(VERSION)
        .text(message.procedure().schema())
        .text(message.procedure().table())
        .var(message.definitions().value())
        .bool(message.autocommit())
        .text(message.caller().user())
        .text(message.caller().host())
        .bool(message.defines());
  }

  @Override
  public ProcedureAsked read(BodyReader in) {
    in.expectVersion(VERSION);
    return new ProcedureAsked(
        new TableName(in.text(NAME_BYTES_MAX), in.text(NAME_BYTES_MAX)),
        new Seq(in.var()),
        in.bool(),
        new Account(
            in.text(Account.USER_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER),
            in.text(Account.HOST_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER)),
        in.bool());
  }
}
