package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.EofPacket;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Passes an answer on and notes in the session's diagnostics area what it says. */
final class DiagnosedAnswer implements Answer {
  private static final int OK = 0x00;
  private static final int EOF = 0xfe;

  /** Column count, EOF, EOF: packets of a result beside definitions and rows. */
  private static final int FRAMING = 3;

  private final Answer answer;
  private final Session session;
  private final Statement statement;
  private final DiagnosticsArea area;
  private boolean atDatabase;

  DiagnosedAnswer(Answer answer, Session session, Statement statement) {
    this.answer = answer;
    this.session = session;
    this.statement = statement;
    this.area = session.state().diagnostics();
  }

  @Override
  public void ok(OkPacket ok) {
    area.changed(ok.affected());
    warnings(ok.warnings());
    answer.ok(ok);
  }

  @Override
  public void error(MySqlError error) {
    area.failed(error, atDatabase);
    session.state().failedWrite().ifPresent(area::explained);
    answer.error(error);
  }

  @Override
  public void packets(List<Bytes> payloads) {
    Buffer last = Buffer.buffer(payloads.get(payloads.size() - 1).view());
    if (payloads.size() > 1 && last.getUnsignedByte(0) == OK) {
      area.changed(new PayloadReader(last.slice(1, last.length())).lenenc());
    } else if ((payloads.get(0).at(0) & 0xff) == OK || last.getUnsignedByte(0) != EOF) {
      area.changed(0);
    } else {
      int columns = (int) new PayloadReader(Buffer.buffer(payloads.get(0).view())).lenenc();
      area.found(found(Math.max(0, payloads.size() - columns - FRAMING)));
      warnings(EofPacket.decode(last).warnings());
    }
    answer.packets(payloads);
  }

  @Override
  public void reply(Reply reply) {
    atDatabase = true;
    Answer.super.reply(reply);
  }

  @Override
  public Optional<RelaySink> stream() {
    return answer.stream();
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    if (summary.error().isPresent()) {
      area.failed(summary.error().get(), true);
    } else if (summary.resultSets() > 0) {
      area.found(found(summary.rows()));
      warnings(summary.warnings());
    } else {
      area.changed(summary.ending().ok().map(OkPacket::affected).orElse(0L));
      warnings(summary.warnings());
    }
    return answer.streamed(summary);
  }

  @Override
  public Future<LocalFile> file(Bytes name) {
    return answer.file(name);
  }

  @Override
  public boolean begun() {
    return answer.begun();
  }

  private void warnings(int count) {
    if (session.state().lastWrite().isPresent()) {
      area.warned(session.state().lastWrite().get());
    } else if (count > 0) {
      area.warnedAtDatabase(count);
    } else if (usesTables()) {
      area.cleared();
    }
  }

  /** As the server sees it: a statement that opens no table leaves the older warnings alone. */
  private boolean usesTables() {
    Tokens tokens = statement.tokens();
    StatementClass type = statement.type();
    return !statement.facts().tables().isEmpty()
        || type instanceof StatementClass.Dml
        || type instanceof StatementClass.Definition
        || type instanceof StatementClass.AccountChange
        || type instanceof StatementClass.Maintenance
        || type instanceof StatementClass.TemporaryTable
        || (tokens.is(0, "SHOW") && !tokens.isAny(1, "WARNINGS", "ERRORS", "COUNT"));
  }

  /** What LIMIT held back only the database knows; it is asked before it forgets. */
  private Future<Long> found(long rows) {
    Tokens tokens = statement.tokens();
    for (int i = 1; i < tokens.count(); i++) {
      if (tokens.is(i, "SQL_CALC_FOUND_ROWS")) {
        return session
            .backend()
            .query("SELECT FOUND_ROWS() LIMIT 1")
            .compose(TextRows::of)
            .map(one -> one.single().map(Bytes::latin1).map(Long::valueOf).orElse(rows))
            .otherwise(rows);
      }
    }
    return Future.succeededFuture(rows);
  }
}
