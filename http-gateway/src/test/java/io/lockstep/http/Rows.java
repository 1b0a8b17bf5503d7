package io.lockstep.http;

import io.lockstep.gateway.RowSink;
import io.lockstep.gateway.RowSink.Column;
import io.lockstep.gateway.StatementResult;
import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Result sets to answer with. */
final class Rows {
  static final int UTF8 = 45;
  static final int BINARY = 63;

  private Rows() {}

  static Column column(String name, int type, int charset, int flags) {
    return new Column(name, type, charset, 20, flags, 0);
  }

  static FakeStatementService.Script of(List<Column> columns, List<List<Optional<Bytes>>> rows) {
    return (request, sink) -> {
      sink.columns(columns);
      Future<Void> sent = Future.succeededFuture();
      for (List<Optional<Bytes>> row : rows) {
        sent = sent.compose(before -> sink.row(row));
      }
      return sent.map(FakeStatementService.done(0, 0, 42));
    };
  }

  /** Row after row, each when the one before was taken, then the given end. */
  static Future<StatementResult> pump(
      RowSink sink, long count, List<Optional<Bytes>> row, Future<StatementResult> end) {
    long left = count;
    while (left > 0) {
      Future<Void> taken = sink.row(row);
      left--;
      if (!taken.isComplete()) {
        long rest = left;
        return taken.compose(ready -> pump(sink, rest, row, end));
      }
      if (taken.failed()) {
        return Future.failedFuture(taken.cause());
      }
    }
    return end;
  }

  static List<Optional<Bytes>> row(String... values) {
    return Arrays.stream(values).map(Bytes::utf8).map(Optional::of).toList();
  }
}
