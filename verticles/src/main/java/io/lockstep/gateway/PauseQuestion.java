package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.ProgramPause;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a procedure asks its gateway to define: a result set of its answer.
 *
 * @param sqlMode in hexadecimal digits
 * @param foreignKeyChecks 0 or 1
 */
record PauseQuestion(
    String xid, String sql, String sqlMode, String schema, String foreignKeyChecks) {
  private static final int COLUMNS = 5;

  /** A row in binary form begins so, and then has its bits for NULL. */
  private static final int BINARY = 0;

  private static final int NULL_BITS_BYTES = 1;

  static Optional<PauseQuestion> of(Reply.Rows rows) {
    if (!asks(rows)) {
      return Optional.empty();
    }
    byte[] row = rows.packets().get(COLUMNS + 2).toArray();
    boolean binary = row[0] == BINARY;
    PayloadReader in =
        new PayloadReader(Buffer.buffer(row), binary ? 1 + NULL_BITS_BYTES : 0, row.length);
    String xid = in.lenencBytes().latin1();
    String sql = text(in.lenencBytes());
    String mode = in.lenencBytes().latin1();
    return Optional.of(
        new PauseQuestion(xid, sql, mode, text(in.lenencBytes()), text(in.lenencBytes())));
  }

  private static String text(Bytes hex) {
    return Bytes.owning(HexFormat.of().parseHex(hex.latin1())).utf8();
  }

  private static boolean asks(Reply.Rows rows) {
    return rows.columns() == COLUMNS && rows.count() == 1 && name(rows).equals(ProgramPause.ASKS);
  }

  /** Whether it says that the procedure was kept from running a text. */
  static boolean refuses(Reply.Rows rows) {
    return rows.columns() == 1 && name(rows).equals(ProgramPause.REFUSED);
  }

  private static String name(Reply.Rows rows) {
    return ColumnDefinition.decode(Buffer.buffer(rows.packets().get(1).view())).name();
  }

  /**
   * The answer that is the client's. Each pause has read its answer by SELECT … INTO, which the
   * server counts as a row that the CALL affected.
   *
   * @param defined the rows that the definitions themselves count for
   */
  static Reply without(Reply reply, long defined) {
    return reply.fold(
        ok -> ok,
        err -> err,
        results -> {
          List<Reply.Part> parts = new ArrayList<>(results.parts());
          long pauses = parts.stream().filter(part -> is(part, PauseQuestion::asks)).count();
          parts.removeIf(part -> is(part, rows -> asks(rows) || refuses(rows)));
          parts.replaceAll(part -> withoutRows(part, pauses - defined));
          return parts.size() == 1 && parts.get(0) instanceof Reply alone
              ? alone
              : new Reply.Results(parts);
        });
  }

  private static boolean is(Reply.Part part, Predicate<Reply.Rows> kind) {
    return part.<Boolean>foldPart(ok -> false, err -> false, kind::test);
  }

  private static Reply.Part withoutRows(Reply.Part part, long rows) {
    return part.<Reply.Part>foldPart(
        ok -> new Reply.Ok(ok.packet().withAffected(Math.max(0, ok.affected() - rows))),
        err -> err,
        set -> set);
  }
}
