package io.lockstep.bus;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Setting;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Version 1. The hot message: it crosses the bus once and lies in the log of every node. */
public final class WriteCodec implements BodyCodec<Write> {
  private static final int VERSION = 1;
  private static final int FOUND_ROWS = 1;
  private static final int DRAWS_IDS = 2;
  private static final int NAMES_IDS = 4;
  private static final int REREAD = 8;
  private static final int FLAGS_KNOWN = 15;

  /** Names are at most 64 characters in the database, each at most four bytes of UTF-8. */
  private static final int NAME_BYTES_MAX = 256;

  private static final int ACCOUNT_BYTES_MAX = 4 * Account.HOST_LENGTH_MAX;

  @Override
  public void write(BodyWriter out, Write message) {
    out.u8(VERSION)
        .u8(message.kind().code())
        .u8(flags(message))
        .writeId(message.id())
        .node(message.gateway())
        .node(message.master())
        .text(message.account().user())
        .text(message.account().host())
        .text(message.schema())
        .var(message.basis().value())
        .list(message.context(), SettingCodec::write)
        .bytes(message.sql());
    message.ids().ifPresent(ids -> draw(out, ids));
  }

  @Override
  public Write read(BodyReader in) {
    in.expectVersion(VERSION);
    WriteKind kind = WriteKind.of(in.u8());
    int flags = in.u8();
    if ((flags & ~FLAGS_KNOWN) != 0) {
      throw new MalformedBodyException("unknown flags of a write: " + flags);
    }
    WriteId id = in.writeId();
    NodeId gateway = in.node();
    NodeId master = in.node();
    Account account = new Account(in.text(ACCOUNT_BYTES_MAX), in.text(ACCOUNT_BYTES_MAX));
    String schema = in.text(NAME_BYTES_MAX);
    Seq basis = new Seq(in.var());
    List<Setting> context = in.list(Write.SETTINGS_MAX, SettingCodec::read);
    Bytes sql = in.bytes(Write.SQL_BYTES_MAX);
    Optional<IdDraw> ids =
        (flags & DRAWS_IDS) == 0 ? Optional.empty() : Optional.of(draw(in, flags));
    boolean foundRows = (flags & FOUND_ROWS) != 0;
    return new Write(
        id, kind, gateway, master, account, schema, basis, context, sql, ids, foundRows);
  }

  private static int flags(Write write) {
    int flags = write.foundRows() ? FOUND_ROWS : 0;
    if (write.ids().isPresent()) {
      IdDraw ids = write.ids().get();
      flags |= DRAWS_IDS | (ids.reread() ? REREAD : 0);
      flags |= ids.explicitMax().isPresent() ? NAMES_IDS : 0;
    }
    return flags;
  }

  private static void draw(BodyWriter out, IdDraw ids) {
    out.text(ids.table().schema()).text(ids.table().table()).text(ids.column()).var(ids.drawn());
    ids.explicitMax().ifPresent(out::i64);
  }

  private static IdDraw draw(BodyReader in, int flags) {
    TableName table = new TableName(in.text(NAME_BYTES_MAX), in.text(NAME_BYTES_MAX));
    String column = in.text(NAME_BYTES_MAX);
    long drawn = in.var();
    if (drawn > Integer.MAX_VALUE) {
      throw new MalformedBodyException("a statement draws no " + drawn + " ids");
    }
    OptionalLong named =
        (flags & NAMES_IDS) == 0 ? OptionalLong.empty() : OptionalLong.of(in.i64());
    return new IdDraw(table, column, (int) drawn, named, (flags & REREAD) != 0);
  }
}
