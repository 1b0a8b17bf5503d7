package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text result set, decoded. For small questions of Lockstep's own; bounded by the connection's
 * {@link BackendOptions#replyBytesMax}.
 *
 * @param columns the names
 * @param rows one value for each column; empty for NULL
 */
public record TextRows(List<String> columns, List<List<Optional<Bytes>>> rows) {
  public TextRows {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * Runs one statement and decodes its only result set; no rows for an OK. An error of the database
   * is a {@link BackendRefusedException}.
   */
  public static Future<TextRows> query(BackendConnection connection, String sql) {
    return query(connection, Bytes.utf8(sql));
  }

  public static Future<TextRows> query(BackendConnection connection, Bytes sql) {
    return connection.query(sql).compose(TextRows::of);
  }

  /** The first row's first value, if there is a row and the value is not NULL. */
  public Optional<Bytes> single() {
    return rows.isEmpty() ? Optional.empty() : rows.get(0).get(0);
  }

  /** Decodes a reply that has at most one result set. */
  public static Future<TextRows> of(Reply reply) {
    return reply.fold(
        ok -> Future.succeededFuture(new TextRows(List.of(), List.of())),
        err -> Future.failedFuture(new BackendRefusedException(err.error())),
        TextRows::onlyResult);
  }

  public static TextRows of(Reply.Rows rows) {
    List<Bytes> packets = rows.packets();
    int columns = rows.columns();
    List<String> names = new ArrayList<>(columns);
    for (Bytes definition : packets.subList(1, columns + 1)) {
      names.add(ColumnDefinition.decode(Buffer.buffer(definition.view())).name());
    }
    List<List<Optional<Bytes>>> decoded = new ArrayList<>(rows.count());
    for (Bytes row : packets.subList(columns + 2, packets.size() - 1)) {
      decoded.add(row(row, columns));
    }
    return new TextRows(names, decoded);
  }

  private static Future<TextRows> onlyResult(Reply.Results results) {
    if (results.failure().isPresent()) {
      return Future.failedFuture(new BackendRefusedException(results.failure().get()));
    }
    return results
        .parts()
        .get(0)
        .foldPart(
            ok -> Future.succeededFuture(new TextRows(List.of(), List.of())),
            err -> Future.failedFuture(new BackendRefusedException(err.error())),
            rows -> Future.succeededFuture(of(rows)));
  }

  private static List<Optional<Bytes>> row(Bytes packet, int columns) {
    PayloadReader in = new PayloadReader(Buffer.buffer(packet.view()));
    List<Optional<Bytes>> values = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      values.add(in.nullMarker() ? Optional.empty() : Optional.of(in.lenencBytes()));
    }
    return values;
  }
}
