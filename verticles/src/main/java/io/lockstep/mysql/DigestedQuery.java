package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The answer to a statement that was run again only to be compared: its rows have gone nowhere.
 *
 * @param digest still to be ended with the rows that its client counts
 */
public record DigestedQuery(ReplySummary summary, AnswerDigest digest) {
  /** COM_STMT_EXECUTE of the statement prepared last, without a cursor, once (MariaDB KB). */
  private static final Buffer EXECUTE_LAST =
      Buffer.buffer().appendByte((byte) 0x17).appendIntLE(-1).appendByte((byte) 0).appendIntLE(1);

  /**
   * Runs it; what is sent behind it runs after it.
   *
   * @param binary in the binary protocol, whose rows have digests of their own
   */
  public static Future<DigestedQuery> run(BackendConnection connection, Bytes sql, boolean binary) {
    if (!binary) {
      Buffer command = Buffer.buffer(sql.length() + 1).appendByte((byte) CommandCode.QUERY);
      return run(connection, command.appendBytes(sql.view()));
    }
    Future<Prepared> prepared = connection.prepare(sql);
    Future<DigestedQuery> executed = run(connection, EXECUTE_LAST);
    return Future.join(prepared, executed)
        .transform(
            both -> {
              if (prepared.succeeded()) {
                connection.closeStatement(prepared.result().statementId());
              }
              return executed;
            });
  }

  private static Future<DigestedQuery> run(BackendConnection connection, Buffer command) {
    AnswerDigest digest = new AnswerDigest();
    return connection
        .relay(command, ReplyShape.RESULTS, RelaySink.NOWHERE, Optional.of(digest))
        .map(summary -> new DigestedQuery(summary, digest));
  }

  /** The digest, with an OK's rows as this connection counts them. */
  public long value() {
    return value(summary.ending().ok().map(OkPacket::affected).orElse(0L));
  }

  /** The digest, with an OK's rows as the client counts them. */
  public long value(long affected) {
    return digest.of(summary, affected);
  }
}
