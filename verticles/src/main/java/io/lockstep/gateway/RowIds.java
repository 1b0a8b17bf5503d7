package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.RowsWithIds;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableDefinition;
import io.lockstep.sql.TableRef;
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

  /** What is more than this is as much as it was before. */
  private static final long IDS_MAX = Integer.MAX_VALUE;

  private final Statement statement;
  private final RowsWithIds rows;
  private final Duplicates duplicates = new Duplicates();
  private final IdBlock block;

  private RowIds(Session session, Statement statement, RowsWithIds rows) {
    this.statement = statement;
    this.rows = rows;
    this.block = new IdBlock(session, rows.draw().table(), rows.draw().column());
  }

  /** Nothing for a statement that draws none, or names them itself. */
  static Future<Optional<RowIds>> of(Session session, Statement statement) {
    if (statement.type() instanceof StatementClass.Load load) {
      return table(session, Optional.of(load.target()))
          .map(found -> found.flatMap(table -> RowsWithIds.ofLoad(statement, load, table)))
          .map(rows -> rows.map(found -> new RowIds(session, statement, found)));
    }
    return statement.type() instanceof StatementClass.Dml dml && dml.shape().inserts()
        ? table(session, dml.shape().targets().stream().findFirst())
            .map(found -> found.flatMap(table -> RowsWithIds.of(statement, dml.shape(), table)))
            .map(rows -> rows.map(found -> new RowIds(session, statement, found)))
        : Future.succeededFuture(Optional.empty());
  }

  private static Future<Optional<TableDefinition>> table(
      Session session, Optional<TableRef> target) {
    SessionParts parts = session.parts();
    Seq definitions = parts.ports().position().get().definitionsSeq();
    String schema = session.state().schema();
    return target
        .filter(table -> !session.temporary().has(table, schema))
        .flatMap(table -> table.in(schema))
        .map(name -> parts.catalogue().table(name, definitions))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /**
   * Whether the statement need not be tried where others' locks are. Its rows would be tried with
   * ids that are being given to others: these would wait for each other.
   */
  boolean areMetElsewhere() {
    return rows.capturedOrAlone();
  }

  IdBlock block() {
    return block;
  }

  /** The statement's text, which has its ids as soon as some were taken. */
  static Bytes sql(Optional<RowIds> ids, Statement statement) {
    return ids.map(RowIds::sql).orElse(statement.sql());
  }

  private Bytes sql() {
    OptionalLong insertId =
        block.taken() > 0 ? OptionalLong.of(block.first()) : OptionalLong.empty();
    return OwnSettings.text(
        new Step.Statement("", List.of(), statement.sql(), Optional.empty()), insertId);
  }

  /**
   * Takes what the statement is going to need, where that can be found out; else it is {@link
   * #settled} when it has been run.
   *
   * @param savepoint what stands right before it in the branch
   * @param file whose lines are its rows, most often
   */
  Future<Void> ahead(Backend backend, String savepoint, Optional<LocalFile> file) {
    if (file.isPresent()) {
      return block.take(file.get().lines());
    }
    if (block.taken() > 0) {
      return Future.succeededFuture();
    }
    if (rows.count().isPresent()) {
      return block.take(rows.count().getAsInt());
    }
    return rows.counting()
        .map(query -> counted(backend, query, savepoint).compose(block::take))
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
    if (duplicates.doubtful(given.error())) {
      return block.take(block.more()).map(has -> false);
    }
    int inserted = rows(given.info());
    boolean told = !(statement.type() instanceof StatementClass.Load);
    if (given.error().isPresent() || (told && given.insertId() == 0)) {
      return Future.succeededFuture(true);
    }
    if (inserted > block.taken()) {
      return block.take(inserted).map(has -> block.first() == given.insertId());
    }
    block.left(inserted);
    return Future.succeededFuture(true);
  }

  /** How many rows the server says that there were. */
  static int rows(String info) {
    Matcher records = RECORDS.matcher(info);
    return records.find() ? Integer.parseInt(records.group(1)) : 1;
  }
}
