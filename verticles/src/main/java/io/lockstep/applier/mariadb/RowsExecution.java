package io.lockstep.applier.mariadb;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.binlog.RowImage;
import io.lockstep.mysql.binlog.UnreadableRowException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies rows that another transaction has captured. The server finds the rows to change by their
 * key and overwrites whatever they have become meanwhile; so before each piece, every row that it
 * changes or deletes is looked for as it was. One that is not there any more is a conflict, and so
 * is every error of the rows themselves: the state at one place of the order is the same on every
 * node, and therefore the verdict is.
 */
final class RowsExecution {
  /** Rows that are looked for at one time. */
  private static final int LOOKED_FOR_AT_ONCE = 200;

  /**
   * An event sets the session's clock to its own time, for good (MariaDB: THD::set_time), and the
   * checks of keys as they were where it came from.
   */
  private static final String AFTERWARDS =
      "SET timestamp=DEFAULT, foreign_key_checks=DEFAULT, unique_checks=DEFAULT";

  private final Link link;
  private final PinnedContext context;
  private boolean formatKnown;

  RowsExecution(Link link, PinnedContext context) {
    this.link = link;
    this.context = context;
  }

  /** Whether all of it could be applied; if not, the caller undoes the rest. */
  Future<Boolean> run(Step.Rows rows) {
    List<RowsPiece> pieces;
    try {
      pieces = RowsPiece.cut(rows.events());
    } catch (UnreadableRowException unreadable) {
      return Future.succeededFuture(false);
    }
    return format()
        .compose(
            known -> {
              Iterator<RowsPiece> each = pieces.iterator();
              return OneByOne.all(each::hasNext, () -> apply(each.next()));
            })
        .eventually(
            () -> {
              context.unknown();
              return link.run(AFTERWARDS);
            });
  }

  private Future<Void> format() {
    if (formatKnown) {
      return Future.succeededFuture();
    }
    return link.connection()
        .query(BinlogText.format())
        .compose(Link::expectSuccess)
        .onSuccess(told -> formatKnown = true)
        .mapEmpty();
  }

  private Future<Boolean> apply(RowsPiece piece) {
    return unchanged(piece)
        .compose(
            holds ->
                holds
                    ? judged(link.connection().query(BinlogText.of(piece.events())))
                    : Future.succeededFuture(false));
  }

  private Future<Boolean> judged(Future<Reply> applied) {
    return applied.compose(
        reply -> {
          Optional<MySqlError> failure = reply.failure();
          return failure.filter(EnvironmentException::isEnvironment).isPresent()
              ? Future.failedFuture(EnvironmentException.of(failure.get()))
              : Future.succeededFuture(failure.isEmpty());
        });
  }

  /** Whether every row that the piece changes or deletes is there as it was captured. */
  private Future<Boolean> unchanged(RowsPiece piece) {
    Future<Boolean> all = Future.succeededFuture(true);
    for (Map.Entry<TableName, Map<Bytes, RowImage>> table : piece.before().entrySet()) {
      all =
          all.compose(
              holds ->
                  holds
                      ? unchanged(table.getKey(), table.getValue().values())
                      : Future.succeededFuture(false));
    }
    return all;
  }

  private Future<Boolean> unchanged(TableName table, Collection<RowImage> rows) {
    return link.wholeRows(TableShape.query(table))
        .map(columns -> TableShape.of(table, columns))
        .compose(shape -> withTimes(shape, rows))
        .compose(
            shape ->
                shape.findsByKey()
                    ? unchanged(shape, new ArrayList<>(rows), 0)
                    : link.wholeRows(TableShape.indexes(table))
                        .compose(
                            indexes ->
                                shape
                                    .foundByKey(rows, indexes)
                                    .map(found -> unchanged(shape, found, 0))
                                    .orElseGet(() -> Future.succeededFuture(false))));
  }

  private Future<TableShape> withTimes(TableShape listed, Collection<RowImage> rows) {
    return rows.stream().anyMatch(listed::lacksTimesOf)
        ? link.wholeRows(TableShape.versioned(listed.table()))
            .map(found -> found.isEmpty() ? listed : listed.withTimes())
        : Future.succeededFuture(listed);
  }

  private Future<Boolean> unchanged(TableShape shape, List<RowImage> rows, int from) {
    if (from >= rows.size()) {
      return Future.succeededFuture(true);
    }
    List<RowImage> some = rows.subList(from, Math.min(rows.size(), from + LOOKED_FOR_AT_ONCE));
    Bytes query;
    try {
      query = shape.count(some);
    } catch (UnreadableRowException unreadable) {
      return Future.succeededFuture(false);
    }
    return link.connection()
        .query(query)
        .compose(Link::expectSuccess)
        .compose(
            reply ->
                Link.decode(reply).get(0).number(0) == some.size()
                    ? unchanged(shape, rows, from + some.size())
                    : Future.succeededFuture(false));
  }
}
