package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.MySqlError;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.DmlShape;
import io.lockstep.sql.RowsWithIds;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableDefinition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The AUTO_INCREMENT ids of an INSERT or REPLACE that is ordered as rows. Drawn at its master they
 * are those that anybody's next insert is given by the order, which is then faster. So they are
 * taken from the order as soon as it is known how many they are, and the statement is run with
 * them. What was taken stays with it, however often it is run. Lives on its session's context.
 */
final class RowIds implements DrawsIds {
  /**
   * The server's own words for how many rows an INSERT of several had (sql_insert.cc,
   * ER_INSERT_INFO).
   */
  private static final Pattern RECORDS = Pattern.compile("Records: (\\d+)");

  private static final int DUPLICATE = 1062;

  /** What is more than this is as much as it was before. */
  private static final long IDS_MAX = Integer.MAX_VALUE;

  private final Session session;
  private final Statement statement;
  private final RowsWithIds rows;
  private Optional<MySqlError> duplicate = Optional.empty();
  private long first;
  private int taken;

  private RowIds(Session session, Statement statement, RowsWithIds rows) {
    this.session = session;
    this.statement = statement;
    this.rows = rows;
  }

  /** Nothing for a statement that draws none, or names them itself. */
  static Future<Optional<RowIds>> of(Session session, Statement statement) {
    Optional<DmlShape> insert =
        statement.type() instanceof StatementClass.Dml dml && dml.shape().inserts()
            ? Optional.of(dml.shape())
            : Optional.empty();
    return insert
        .map(shape -> of(session, statement, shape))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Optional<RowIds>> of(Session session, Statement statement, DmlShape shape) {
    SessionParts parts = session.parts();
    Seq definitions = parts.ports().position().get().definitionsSeq();
    String schema = session.state().schema();
    return shape.targets().stream()
        .findFirst()
        .filter(target -> !session.temporary().has(target, schema))
        .flatMap(target -> target.in(schema))
        .map(name -> parts.catalogue().table(name, definitions))
        .orElseGet(() -> Future.succeededFuture(Optional.<TableDefinition>empty()))
        .map(
            table ->
                table
                    .flatMap(found -> RowsWithIds.of(statement, shape, found))
                    .map(rows -> new RowIds(session, statement, rows)));
  }

  /**
   * Whether the statement need not be tried where others' locks are. Its rows would be tried with
   * ids that are being given to others: these would wait for each other.
   */
  boolean areMetElsewhere() {
    return rows.capturedOrAlone();
  }

  /** The table whose ids they are. */
  TableName table() {
    return rows.draw().table();
  }

  /** The statement's text, which has its ids as soon as some were taken. */
  static Bytes sql(Optional<RowIds> ids, Statement statement) {
    return ids.map(RowIds::sql).orElse(statement.sql());
  }

  private Bytes sql() {
    OptionalLong insertId = taken > 0 ? OptionalLong.of(first) : OptionalLong.empty();
    return OwnSettings.text(
        new Step.Statement("", List.of(), statement.sql(), Optional.empty()), insertId);
  }

  /**
   * Takes what the statement is going to need, where that can be found out; else it is {@link
   * #settled} when it has been run.
   *
   * @param savepoint what stands right before it in the branch
   */
  Future<Void> ahead(Backend backend, String savepoint) {
    if (taken > 0) {
      return Future.succeededFuture();
    }
    if (rows.count().isPresent()) {
      return take(rows.count().getAsInt());
    }
    return rows.counting()
        .map(query -> counted(backend, query, savepoint).compose(this::take))
        .orElseGet(Future::succeededFuture);
  }

  /** Nothing where the query has no answer, which is the statement's to say. */
  private static Future<Integer> counted(Backend backend, Bytes query, String savepoint) {
    Future<Reply> reply = backend.query(query);
    Future<Reply> back = backend.query("ROLLBACK TO `" + savepoint + "`");
    return reply.compose(
        answer ->
            back.compose(
                gone ->
                    gone.failure().isPresent()
                        ? Future.failedFuture(new BackendLostException("its branch is gone"))
                        : count(answer)));
  }

  private static Future<Integer> count(Reply reply) {
    return TextRows.of(reply)
        .map(TextRows::single)
        .map(count -> count.map(text -> Long.parseLong(text.latin1())).orElse(0L))
        .map(count -> (int) Math.min(count, IDS_MAX))
        .otherwise(0);
  }

  @Override
  public Future<Boolean> settled(Backend backend, BranchAnswer given) {
    Optional<MySqlError> before = duplicate;
    duplicate = given.error().filter(RowIds::isDuplicate);
    if (duplicate.isPresent() && !duplicate.equals(before)) {
      return take(Math.max(1, 2 * taken)).map(has -> false);
    }
    int inserted = rows(given.info());
    return inserted <= taken || given.insertId() == 0
        ? Future.succeededFuture(true)
        : take(inserted).map(has -> first == given.insertId());
  }

  /** How many were taken. */
  int taken() {
    return taken;
  }

  /** Takes as many from the order, unless that has been done. */
  Future<Void> take(int count) {
    if (count <= taken) {
      return Future.succeededFuture();
    }
    IdDraw one = rows.draw();
    IdDraw asked = new IdDraw(one.table(), one.column(), count, one.explicitMax(), false);
    return new IdReservation(session)
        .take(Optional.of(asked))
        .map(
            from -> {
              first = from.orElseThrow();
              taken = count;
              return null;
            });
  }

  /**
   * Whether an error may be another's row with an id that was drawn and not given. If it is not, it
   * is the same again.
   */
  static boolean isDuplicate(MySqlError error) {
    return error.code() == DUPLICATE;
  }

  /** How many rows the server says that there were. */
  static int rows(String info) {
    Matcher records = RECORDS.matcher(info);
    return records.find() ? Integer.parseInt(records.group(1)) : 1;
  }
}
