package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Takes values of sequences from the order and sets them, each as a write of its own: so values are
 * never given back, and no two sessions get the same.
 */
final class SequenceDraws {
  /** What one write takes at most. */
  private static final int AT_ONCE_MAX = 10_000;

  private static final int COLUMNS = 3;

  private final Session session;

  SequenceDraws(Session session) {
    this.session = session;
  }

  /** As many values as asked for, in their order. */
  Future<List<Long>> next(TableName sequence, int count) {
    return next(sequence, count, new ArrayList<>());
  }

  private Future<List<Long>> next(TableName sequence, int count, List<Long> values) {
    if (values.size() >= count) {
      return Future.succeededFuture(values);
    }
    int wanted = Math.min(count - values.size(), AT_ONCE_MAX);
    return found(sequence, drawing(sequence, wanted), 1)
        .compose(
            row -> {
              long taken = number(row, 2);
              for (long i = 0; i < taken; i++) {
                values.add(number(row, 0) + i * number(row, 1));
              }
              return taken == 0
                  ? Future.failedFuture(new ClientErrorException(runOut(sequence)))
                  : next(sequence, count, values);
            });
  }

  /** What SETVAL answers: the value, or nothing when the sequence is beyond it. */
  Future<Optional<Long>> set(TableName sequence, List<Long> arguments) {
    long value = arguments.get(0);
    boolean used = arguments.size() < 2 || arguments.get(1) != 0;
    long round = arguments.size() < 3 ? 0 : arguments.get(2);
    return found(sequence, setting(sequence, value, used, round), 1)
        .compose(
            row ->
                number(row, 2) < 0
                    ? Future.failedFuture(new ClientErrorException(runOut(sequence)))
                    : Future.succeededFuture(
                        number(row, 2) == 1 ? Optional.of(value) : Optional.empty()));
  }

  private static long number(List<Optional<Bytes>> row, int column) {
    return row.get(column).map(value -> Long.parseLong(value.latin1())).orElse(0L);
  }

  /** ER_SEQUENCE_RUN_OUT. */
  private static MySqlError runOut(TableName sequence) {
    return new MySqlError(4084, "HY000", "Sequence '" + sequence + "' has run out");
  }

  private Future<List<Optional<Bytes>>> found(TableName sequence, String sql, int attempt) {
    Step step = new Step.Statement("", List.of(), Bytes.utf8(sql), Optional.empty());
    return session
        .order(WriteKind.DML, step, sequence)
        .compose(
            applied ->
                applied
                    .outcome()
                    .fold(
                        done -> row(sequence, done),
                        failed ->
                            Future.failedFuture(
                                new ClientErrorException(
                                    new MySqlError(
                                        failed.code(), failed.sqlState(), failed.message()))),
                        refused -> again(sequence, sql, refused, attempt)));
  }

  private static Future<List<Optional<Bytes>>> row(TableName sequence, Outcome.Done done) {
    List<List<Optional<Bytes>>> rows =
        TextRows.of(new Reply.Rows(done.packets(), COLUMNS, 0, 0)).rows();
    return rows.isEmpty()
        ? Future.failedFuture(
            new ClientErrorException(
                MySqlError.notSupported(
                    "the sequence "
                        + sequence
                        + ", which was not made through it; ALTER SEQUENCE makes it known")))
        : Future.succeededFuture(rows.get(0));
  }

  /** Definitions have changed, which may be the sequence's: it is looked up by name in any case. */
  private Future<List<Optional<Bytes>>> again(
      TableName sequence, String sql, Outcome.Refused refused, int attempt) {
    boolean stale = refused.reason() == Outcome.Refused.Reason.STALE;
    if (!stale || attempt >= Writing.PLANS_MAX) {
      return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
    }
    return session
        .parts()
        .ports()
        .timers()
        .pause(Writing.PAUSE.multipliedBy(Math.min(attempt, 10)))
        .compose(passed -> found(sequence, sql, attempt + 1));
  }

  /** Assignments take place from the left to the right, each on what those before have made. */
  private static String drawing(TableName sequence, int count) {
    return change(
        sequence,
        "drawn=IF(next_value BETWEEN minimum AND maximum,next_value,"
            + "IF(cycles=0,NULL,IF(step>0,minimum,maximum))),"
            + "round=round+(drawn IS NOT NULL AND NOT next_value BETWEEN minimum AND maximum),"
            + "taken=IF(drawn IS NULL,0,LEAST("
            + count
            + ",LEAST(IF(step>0,CAST(maximum AS DECIMAL(30))-drawn,"
            + "CAST(drawn AS DECIMAL(30))-minimum),CAST(ABS(step) AS DECIMAL(30))*"
            + count
            + ") DIV ABS(step)+1)),"
            + "next_value=IF(drawn IS NULL,next_value,"
            + beyond("CAST(drawn AS DECIMAL(30))+CAST(step AS DECIMAL(30))*taken")
            + ")");
  }

  private static String setting(TableName sequence, long value, boolean used, long round) {
    String next = used ? beyond("CAST(" + value + " AS DECIMAL(30))+step") : Long.toString(value);
    return change(
        sequence,
        "drawn="
            + next
            + ",taken=CASE WHEN "
            + round
            + "<round THEN 0 WHEN "
            + round
            + ">round THEN IF(cycles,1,-1) ELSE IF(step>0,drawn>=next_value,drawn<=next_value) END,"
            + "next_value=IF(taken=1,drawn,next_value),round=IF(taken=1,"
            + round
            + ",round)");
  }

  /** Never more than one past the last value. */
  private static String beyond(String value) {
    return "IF(step>0,LEAST(" + value + ",maximum+1),GREATEST(" + value + ",minimum-1))";
  }

  /** An INSERT that meets its own row is the one form of a change that answers what it did. */
  private static String change(TableName sequence, String assignments) {
    String schema = text(sequence.schema());
    String name = text(sequence.table());
    return "INSERT INTO lockstep.sequence (table_schema,table_name) SELECT "
        + schema
        + ","
        + name
        + " FROM DUAL WHERE EXISTS (SELECT 1 FROM lockstep.sequence WHERE table_schema="
        + schema
        + " AND table_name="
        + name
        + ") ON DUPLICATE KEY UPDATE "
        + assignments
        + ",times=times+1 RETURNING drawn,step,taken";
  }

  private static String text(String value) {
    return "_utf8mb4 0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
  }
}
