package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.PickingQuery;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableDefinition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A read of an open transaction that skips what others have locked, or ends at a LIMIT without an
 * order that tells all rows apart. Which rows those are differs between nodes and moments, so the
 * rows that it takes are found first, and locked if it locks, and then read by their primary keys:
 * that read comes out the same on every node when the transaction commits, whatever has become of
 * the others. Lives on its session's context.
 */
final class PickingRead {
  /** More rows than these are compared with all that the query finds without skipping. */
  static final int ROWS_MAX = 1_000;

  /** Keys that can be written without a character set: numbers, UUIDs and other plain words. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Session session;
  private final Statement statement;

  PickingRead(Session session, Statement statement) {
    this.session = session;
    this.statement = statement;
  }

  /** What to run instead; the statement itself where its rows cannot be told by their keys. */
  Future<Statement> instead() {
    return picked()
        .compose(
            found ->
                found
                    .map(one -> taken(one.query(), one.key()))
                    .orElseGet(() -> Future.succeededFuture(statement)));
  }

  /** Whether another one may have to be run instead. */
  Future<Boolean> mayDiffer() {
    return picked().map(Optional::isPresent);
  }

  private record Picked(PickingQuery query, List<String> key) {}

  private Future<Optional<Picked>> picked() {
    Optional<PickingQuery> query = PickingQuery.of(statement);
    Optional<TableName> name = query.flatMap(one -> one.table().in(session.state().schema()));
    boolean temporary = session.temporary().touches(statement, session.state().schema());
    if (name.isEmpty() || temporary) {
      return Future.succeededFuture(Optional.empty());
    }
    // Only with its branch it is known whether everything has to be compared.
    return begun()
        .compose(
            inside ->
                session.transaction().level() == Isolation.SERIALIZABLE
                    ? Future.succeededFuture(Optional.empty())
                    : picked(query.get(), name.get()));
  }

  private boolean locks() {
    return statement.type() instanceof StatementClass.Read read && read.locking();
  }

  private BranchUse use() {
    return locks() ? BranchUse.LATEST : BranchUse.SNAPSHOT;
  }

  private Future<Backend> begun() {
    SessionTransaction transaction = session.transaction();
    Future<Void> allowed = locks() ? transaction.writes() : Future.succeededFuture();
    return allowed.compose(writable -> transaction.enter(use()));
  }

  private Future<Optional<Picked>> picked(PickingQuery query, TableName name) {
    return session
        .parts()
        .planner()
        .position(session)
        .compose(at -> session.parts().catalogue().table(name, at.definitionsSeq()))
        .map(
            found ->
                found
                    .filter(table -> table.kind() == TableDefinition.Kind.TABLE)
                    .filter(table -> !query.leavesNoChoice(table))
                    .map(TableDefinition::primaryKey)
                    .filter(key -> !key.isEmpty())
                    .map(key -> new Picked(query, key)));
  }

  private Future<Statement> taken(PickingQuery query, List<String> key) {
    return session
        .transaction()
        .inside(use(), backend -> backend.query(query.keys(key)).compose(TextRows::of))
        .map(rows -> read(query, key, rows))
        .recover(this::refused);
  }

  /** An error is the client's own, which it hears when its statement runs. */
  private Future<Statement> refused(Throwable cause) {
    if (!(cause instanceof BackendRefusedException refused)) {
      return Future.failedFuture(cause);
    }
    return refused.error().code() == MySqlError.deadlock().code()
        ? session.transaction().lost()
        : Future.succeededFuture(statement);
  }

  private Statement read(PickingQuery query, List<String> key, TextRows rows) {
    boolean plain =
        rows.rows().size() <= ROWS_MAX
            && query.leavesOut(rows.rows().size())
            && rows.rows().stream()
                .flatMap(List::stream)
                .allMatch(one -> one.filter(PickingRead::isPlain).isPresent());
    if (!plain) {
      return statement;
    }
    List<List<String>> keys =
        rows.rows().stream()
            .map(row -> row.stream().map(one -> "'" + one.orElseThrow().latin1() + "'").toList())
            .toList();
    return Classifier.readOne(query.of(key, keys), statement.dialect());
  }

  private static boolean isPlain(Bytes value) {
    return PLAIN.matcher(value.latin1()).matches();
  }
}
