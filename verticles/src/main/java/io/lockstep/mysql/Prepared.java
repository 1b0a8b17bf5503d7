package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A statement that was prepared on a {@link BackendConnection}.
 *
 * @param packets all payloads of the answer, as the server sent them
 */
public record Prepared(PrepareOk header, List<Bytes> packets) {
  public Prepared {
    packets = List.copyOf(packets);
  }

  /** An error of the database is a {@link BackendRefusedException}. */
  static Future<Prepared> of(Reply reply) {
    return reply.fold(
        ok -> Future.failedFuture(ProtocolException.malformed("not a prepared statement")),
        err -> Future.failedFuture(new BackendRefusedException(err.error())),
        results -> Future.succeededFuture(of(results.packets())));
  }

  private static Prepared of(List<Bytes> packets) {
    return new Prepared(PrepareOk.decode(Buffer.buffer(packets.get(0).view())), packets);
  }

  public long statementId() {
    return header.statementId();
  }
}
