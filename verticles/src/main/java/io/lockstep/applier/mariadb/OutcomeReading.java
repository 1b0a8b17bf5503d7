package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ServerStatus;
import io.lockstep.sql.SqlLexer;
import io.lockstep.sql.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a database's answer to a write means to its client. */
final class OutcomeReading {
  private static final int EOF = 0xfe;
  private static final int EOF_BYTES = 5;
  private static final Pattern MATCHED = Pattern.compile("Rows matched: (\\d+).*", Pattern.DOTALL);
  private static final Pattern RECORDS =
      Pattern.compile("Records: (\\d+)  Duplicates: (\\d+).*", Pattern.DOTALL);

  private OutcomeReading() {}

  /** How many warnings the answer announces. */
  static int warnings(Reply reply) {
    return reply.fold(
        Reply.Ok::warnings,
        err -> 0,
        results ->
            results.parts().stream()
                .mapToInt(part -> part.foldPart(Reply.Ok::warnings, err -> 0, Reply.Rows::warnings))
                .reduce(0, (before, last) -> last));
  }

  static Outcome outcome(Write write, Reply reply, List<Warning> warnings) {
    Optional<MySqlError> failure = reply.failure();
    if (failure.isPresent()) {
      MySqlError error = failure.get();
      List<Warning> lines = warnings.size() > 1 ? warnings : List.of();
      return new Outcome.Failed(error.code(), error.sqlState(), error.message(), lines);
    }
    int count = Math.min(warnings(reply), 0xffff);
    return reply.fold(
        ok ->
            new Outcome.Done(
                affected(write.foundRows(), write.statement(), ok.packet()),
                ok.insertId(),
                count,
                ok.info(),
                visible(ok.status()),
                warnings,
                List.of()),
        err -> failed(err.error()),
        results ->
            new Outcome.Done(0, 0, count, "", visible(0), warnings, packets(results.packets())));
  }

  static Outcome.Failed failed(MySqlError error) {
    return new Outcome.Failed(error.code(), error.sqlState(), error.message());
  }

  static List<Warning> warnings(List<Link.Row> shown) {
    return shown.stream()
        .limit(Warning.WARNINGS_MAX)
        .map(row -> new Warning(row.text(0), (int) row.number(1), row.text(2)))
        .toList();
  }

  /**
   * What a client with CLIENT_FOUND_ROWS counts, from the answer to one without. In the server's ON
   * DUPLICATE KEY UPDATE (sql_insert.cc) the one counts inserted + 2 x changed rows, the other
   * records + changed.
   */
  static long affected(boolean foundRows, Step.Statement statement, OkPacket ok) {
    if (!foundRows) {
      return ok.affected();
    }
    Matcher matched = MATCHED.matcher(ok.info());
    if (matched.matches()) {
      return Long.parseLong(matched.group(1));
    }
    Matcher records = RECORDS.matcher(ok.info());
    long found =
        records.matches()
            ? Long.parseLong(records.group(1)) + Long.parseLong(records.group(2))
            : Math.max(1, ok.affected());
    // The text may be large, so it is read only where it makes a difference.
    return found != ok.affected() && updatesDuplicates(statement) ? found : ok.affected();
  }

  private static boolean updatesDuplicates(Step.Statement statement) {
    Tokens tokens = SqlLexer.read(statement.sql(), ContextDialect.of(statement));
    for (int i = 0; i + 2 < tokens.count(); i++) {
      if (tokens.is(i, "ON") && tokens.is(i + 1, "DUPLICATE") && tokens.is(i + 2, "KEY")) {
        return true;
      }
    }
    return false;
  }

  /** The applier's transaction is not the client's. */
  private static int visible(int status) {
    return (status | ServerStatus.AUTOCOMMIT) & ~ServerStatus.IN_TRANS;
  }

  private static List<Bytes> packets(List<Bytes> packets) {
    return packets.stream().map(OutcomeReading::visible).toList();
  }

  private static Bytes visible(Bytes packet) {
    if (packet.length() != EOF_BYTES || (packet.at(0) & 0xff) != EOF) {
      return packet;
    }
    byte[] eof = packet.toArray();
    int status = visible((eof[3] & 0xff) | (eof[4] & 0xff) << 8);
    eof[3] = (byte) status;
    eof[4] = (byte) (status >> 8);
    return Bytes.owning(eof);
  }
}
