package io.lockstep.bus;

import io.lockstep.model.Account;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.Optional;

/** Version 1: the fields in their order. */
public final class ProcedureAskedCodec implements BodyCodec<ProcedureAsked> {
  private static final int VERSION = 1;
  private static final int SETTING_BYTES_MAX = 1 << 10;
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
        .bool(message.defines())
        .bool(message.numbers());
    message
        .program()
        .ifPresentOrElse(
            program ->
                out.bool(true)
                    .bytes(program.body())
                    .text(program.sqlMode())
                    .text(program.charset())
                    .text(program.collation()),
            () -> out.bool(false));
  }

  @Override
  public ProcedureAsked read(BodyReader in) {
    in.expectVersion(VERSION);
    TableName procedure = new TableName(in.text(NAME_BYTES_MAX), in.text(NAME_BYTES_MAX));
    Seq definitions = new Seq(in.var());
    boolean autocommit = in.bool();
    Account caller =
        new Account(
            in.text(Account.USER_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER),
            in.text(Account.HOST_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER));
    boolean defines = in.bool();
    boolean numbers = in.bool();
    return new ProcedureAsked(
        procedure, program(in), definitions, autocommit, caller, defines, numbers);
  }

  private static Optional<ProcedureAsked.Program> program(BodyReader in) {
    return in.bool()
        ? Optional.of(
            new ProcedureAsked.Program(
                in.bytes(ProcedureAsked.BODY_BYTES_MAX),
                in.text(SETTING_BYTES_MAX),
                in.text(SETTING_BYTES_MAX),
                in.text(SETTING_BYTES_MAX)))
        : Optional.empty();
  }
}
