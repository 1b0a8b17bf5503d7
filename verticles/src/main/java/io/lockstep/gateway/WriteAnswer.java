package io.lockstep.gateway;

import io.lockstep.model.Outcome;
import io.lockstep.mysql.OkPacket;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client is told of a write that was executed. Appliers count changed rows; a client with
 * CLIENT_FOUND_ROWS is told the matched ones, which the server's own info text gives away.
 */
final class WriteAnswer {
  private static final Pattern MATCHED = Pattern.compile("Rows matched: (\\d+).*");
  private static final Pattern RECORDS =
      Pattern.compile("Records: (\\d+)  Duplicates: (\\d+)  Warnings: \\d+");

  private final Outcome.Done done;
  private final Count count;
  private final int status;

  /** What the client counts. */
  enum Count {
    CHANGED,
    FOUND,
    FOUND_BY_UPSERT;

    /** How this session counts the rows of this statement. */
    static Count of(boolean foundRows, Statement statement) {
      if (!foundRows) {
        return CHANGED;
      }
      boolean upsert =
          statement.type() instanceof StatementClass.Dml dml && dml.shape().onDuplicateKey();
      return upsert ? FOUND_BY_UPSERT : FOUND;
    }
  }

  WriteAnswer(Outcome.Done done, Count count, int status) {
    this.done = done;
    this.count = count;
    this.status = status;
  }

  void to(Answer answer) {
    if (!done.packets().isEmpty()) {
      answer.packets(done.packets());
      return;
    }
    answer.ok(
        OkPacket.of(affected(), done.lastInsertId(), status, done.warningCount(), done.info()));
  }

  /** Rows as this client counts them. */
  long affected() {
    return switch (count) {
      case CHANGED -> done.affected();
      case FOUND -> found();
      case FOUND_BY_UPSERT -> foundByUpsert();
    };
  }

  private long found() {
    Matcher matched = MATCHED.matcher(done.info());
    return matched.matches() ? Long.parseLong(matched.group(1)) : done.affected();
  }

  /** INSERT … ON DUPLICATE KEY UPDATE also counts the rows it left unchanged. */
  private long foundByUpsert() {
    Matcher records = RECORDS.matcher(done.info());
    return records.matches()
        ? Long.parseLong(records.group(1)) + Long.parseLong(records.group(2))
        : Math.max(1, done.affected());
  }
}
