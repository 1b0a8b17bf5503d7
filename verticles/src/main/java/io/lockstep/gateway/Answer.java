package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where the answer to one statement goes. Exactly one of its endings is called, once. */
interface Answer {
  /** Ends with an OK. */
  void ok(OkPacket ok);

  /** Ends with an error. */
  void error(MySqlError error);

  /** Ends with whole result sets: payloads as a server sends them, each set with its EOFs. */
  void packets(List<Bytes> payloads);

  /** Ends with a collected reply. */
  default void reply(Reply reply) {
    reply
        .<Runnable>fold(ok -> () -> ok(ok.packet()), err -> () -> error(err.error()), this::results)
        .run();
  }

  private Runnable results(Reply.Results results) {
    return () -> packets(results.packets());
  }

  /** Where a reply can be streamed to as it comes; empty when it must be collected. */
  Optional<RelaySink> stream();

  /**
   * A streamed reply has come to its end.
   *
   * @return completes when the taker has everything
   */
  Future<Void> streamed(ReplySummary summary);

  /** Asks the taker for a file that its statement names. */
  default Future<LocalFile> file(Bytes name) {
    return Future.failedFuture(
        new ClientErrorException(
            MySqlError.notSupported("LOAD DATA here; use the port of the MySQL protocol")));
  }

  /** Whether anything has reached the taker: then nothing can be repeated. */
  boolean begun();
}
