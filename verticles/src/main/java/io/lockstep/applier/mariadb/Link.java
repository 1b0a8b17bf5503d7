package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyTooLargeException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A connection for Lockstep's own statements: an error of one of these is never an outcome. Used on
 * the event loop that connected.
 */
final class Link {
  private static final int NULL_MARKER = 0xfb;

  /** ER_WARN_I_S_SKIPPED_TABLE. */
  private static final int SKIPPED = 1684;

  private static final String LEFT_OUT =
      "a table is locked, and left out of the information schema";

  private final BackendConnection connection;

  Link(BackendConnection connection) {
    this.connection = connection;
  }

  BackendConnection connection() {
    return connection;
  }

  /** Sends a statement of Lockstep's own; fails with {@link EnvironmentException} for any error. */
  Future<Reply> run(String sql) {
    return connection.query(Bytes.utf8(sql)).compose(Link::expectSuccess);
  }

  /**
   * Sends an ordered write. Fails with {@link ReplyTooLargeException} for more rows than an outcome
   * keeps, too: the order could not go on behind a write whose outcome cannot be told.
   */
  Future<Reply> write(Bytes sql) {
    return connection
        .query(sql)
        .compose(
            reply ->
                packets(reply) > Outcome.Done.PACKETS_MAX
                    ? Future.failedFuture(
                        new ReplyTooLargeException(OpenTransaction.RESULT_BYTES_MAX))
                    : Future.succeededFuture(reply));
  }

  private static int packets(Reply reply) {
    return reply.fold(ok -> 0, err -> 0, results -> results.packets().size());
  }

  static Future<Reply> expectSuccess(Reply reply) {
    Optional<MySqlError> failure = reply.failure();
    return failure.isPresent()
        ? Future.failedFuture(EnvironmentException.of(failure.get()))
        : Future.succeededFuture(reply);
  }

  /** The rows of a query, each column as its text bytes or empty for NULL. */
  Future<List<Row>> rows(String sql) {
    return run(sql).map(Link::decode);
  }

  /**
   * The same of the information schema, with nothing else sent before the answer. A server that
   * finds a table locked, as OPTIMIZE and FLUSH do at a client's own node, leaves it out and only
   * warns, where the session holds locks itself (MariaDB: fill_schema_table_by_open,
   * ER_WARN_I_S_SKIPPED_TABLE). That is the environment's doing, not the table's.
   */
  Future<List<Row>> wholeRows(String sql) {
    return run(sql)
        .compose(
            reply ->
                warned(reply)
                    ? rows("SHOW WARNINGS")
                        .compose(
                            warnings ->
                                warnings.stream().anyMatch(one -> one.number(1) == SKIPPED)
                                    ? Future.failedFuture(new EnvironmentException(LEFT_OUT))
                                    : Future.succeededFuture(decode(reply)))
                    : Future.succeededFuture(decode(reply)));
  }

  private static boolean warned(Reply reply) {
    return reply.fold(
        ok -> false,
        err -> false,
        results ->
            results.parts().stream()
                .anyMatch(
                    part -> part.foldPart(ok -> false, err -> false, rows -> rows.warnings() > 0)));
  }

  static List<Row> decode(Reply reply) {
    List<Row> rows = new ArrayList<>();
    reply.fold(
        ok -> true,
        err -> true,
        results ->
            results.parts().stream()
                .allMatch(part -> part.foldPart(ok -> true, err -> true, set -> add(set, rows))));
    return rows;
  }

  /** Column count, definitions, EOF, rows, EOF. */
  private static boolean add(Reply.Rows set, List<Row> rows) {
    int first = set.columns() + 2;
    for (Bytes packet : set.packets().subList(first, first + set.count())) {
      rows.add(row(packet, set.columns()));
    }
    return true;
  }

  private static Row row(Bytes packet, int columns) {
    PayloadReader reader = new PayloadReader(Buffer.buffer(packet.view()));
    List<Optional<Bytes>> values = new ArrayList<>(columns);
    int at = 0;
    for (int i = 0; i < columns; i++) {
      if ((packet.at(at) & 0xff) == NULL_MARKER) {
        reader.skip(1);
        values.add(Optional.empty());
      } else {
        values.add(Optional.of(reader.lenencBytes()));
      }
      at = packet.length() - reader.remaining();
    }
    return new Row(values);
  }

  /** One row; columns count from 0. */
  record Row(List<Optional<Bytes>> values) {
    Bytes bytes(int column) {
      return values.get(column).orElse(Bytes.EMPTY);
    }

    String text(int column) {
      return bytes(column).utf8();
    }

    long number(int column) {
      return values.get(column).map(value -> Long.parseLong(value.latin1())).orElse(0L);
    }

    boolean isNull(int column) {
      return values.get(column).isEmpty();
    }
  }
}
