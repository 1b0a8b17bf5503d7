package io.lockstep.bus;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Version 1. The hot message: it crosses the bus once and lies in the log of every node. */
public final class WriteCodec implements BodyCodec<Write> {
  private static final int VERSION = 1;
  private static final int FOUND_ROWS = 1;
  private static final int DRAWS_IDS = 2;
  private static final int NAMES_IDS = 4;
  private static final int REREAD = 8;
  private static final int NAMES_SCHEMAS = 16;
  private static final int NAMES_LEADING = 32;
  private static final int CONTENDED = 64;
  private static final int FLAGS_OF_SEVERAL = FOUND_ROWS | NAMES_SCHEMAS | CONTENDED;
  private static final int FLAGS_KNOWN = 127;

  /** A name is at most 64 characters in the database, each at most four bytes of UTF-8. */
  private static final int NAME_BYTES_MAX = 256;

  private static final int ACCOUNT_BYTES_MAX = 4 * Account.HOST_LENGTH_MAX;

  @Override
  public void write(BodyWriter out, Write message) {
    boolean several = message.kind() == WriteKind.TRANSACTION;
    out.u8(VERSION)
        .u8(message.kind().code())
        .u8(several ? common(message) : flags(message))
        .writeId(message.id())
        .node(message.gateway())
        .node(message.master())
        .text(message.account().user())
        .text(message.account().host());
    if (!message.schemas().isEmpty()) {
      out.list(message.schemas().stream().sorted().toList(), BodyWriter::text);
    }
    if (several) {
      out.var(message.basis().value());
      StepCodec.write(out, message.steps());
      return;
    }
    Step.Statement statement = message.statement();
    out.text(statement.schema())
        .var(message.basis().value())
        .list(statement.context(), SettingCodec::write)
        .bytes(statement.sql());
    statement.ids().ifPresent(ids -> StepCodec.fields(out, ids));
  }

  @Override
  public Write read(BodyReader in) {
    in.expectVersion(VERSION);
    WriteKind kind = WriteKind.of(in.u8());
    int flags = in.u8();
    boolean several = kind == WriteKind.TRANSACTION;
    if ((flags & ~(several ? FLAGS_OF_SEVERAL : FLAGS_KNOWN)) != 0) {
      throw new MalformedBodyException("unknown flags of a write: " + flags);
    }
    WriteId id = in.writeId();
    NodeId gateway = in.node();
    NodeId master = in.node();
    Account account = new Account(in.text(ACCOUNT_BYTES_MAX), in.text(ACCOUNT_BYTES_MAX));
    Set<String> schemas =
        (flags & NAMES_SCHEMAS) == 0
            ? Set.of()
            : Set.copyOf(in.list(Write.SCHEMAS_MAX, from -> from.text(NAME_BYTES_MAX)));
    String schema = several ? "" : in.text(NAME_BYTES_MAX);
    Seq basis = new Seq(in.var());
    List<Step> steps = several ? StepCodec.read(in) : List.of(statement(in, flags, schema));
    boolean foundRows = (flags & FOUND_ROWS) != 0;
    boolean contended = (flags & CONTENDED) != 0;
    return new Write(
        id, kind, gateway, master, account, basis, steps, foundRows, schemas, contended);
  }

  private static Step statement(BodyReader in, int flags, String schema) {
    List<Setting> context = in.list(Step.Statement.SETTINGS_MAX, SettingCodec::read);
    Bytes sql = in.bytes(Write.BYTES_MAX);
    Optional<IdDraw> ids =
        (flags & DRAWS_IDS) == 0
            ? Optional.empty()
            : Optional.of(
                StepCodec.fields(
                    in,
                    (flags & NAMES_LEADING) != 0,
                    (flags & NAMES_IDS) != 0,
                    (flags & REREAD) != 0));
    return new Step.Statement(schema, context, sql, ids);
  }

  private static int common(Write write) {
    return (write.foundRows() ? FOUND_ROWS : 0)
        | (write.schemas().isEmpty() ? 0 : NAMES_SCHEMAS)
        | (write.contended() ? CONTENDED : 0);
  }

  private static int flags(Write write) {
    int flags = common(write);
    if (write.statement().ids().isPresent()) {
      IdDraw ids = write.statement().ids().get();
      flags |= DRAWS_IDS | (ids.reread() ? REREAD : 0);
      flags |= ids.explicitMax().isPresent() ? NAMES_IDS : 0;
      flags |= ids.leading().isPresent() ? NAMES_LEADING : 0;
    }
    return flags;
  }
}
