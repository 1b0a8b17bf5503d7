package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.AnswerDigest;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The answer of an open transaction's branch to one command: rows have gone to the client unless
 * they were few, the end is held back until {@link #deliver}.
 *
 * @param digest of what the client sees of it
 * @param status flags of its last packet, or those before if it has none
 * @param insertId of its OK, 0 without one
 * @param info the text of its OK, empty without one
 */
record BranchAnswer(
    long digest,
    Optional<MySqlError> error,
    int status,
    long insertId,
    String info,
    Supplier<Future<Void>> delivery) {

  /** Sends a command and takes its answer. */
  static Future<BranchAnswer> to(
      Backend backend, Buffer command, ReplyShape shape, Answer answer, int statusBefore) {
    Optional<RelaySink> stream = answer.stream();
    if (stream.isEmpty()) {
      return backend
          .connection()
          .command(command, shape)
          .map(reply -> collected(reply, answer, statusBefore));
    }
    AnswerDigest digest = new AnswerDigest();
    HeldSink held = new HeldSink(stream.get());
    return backend
        .connection()
        .relay(command, shape, held, Optional.of(digest))
        .map(summary -> streamed(summary, digest, held, answer, statusBefore));
  }

  /** The same for a command that loads a file. */
  static Future<BranchAnswer> loading(
      Backend backend, Buffer command, LocalFile file, Answer answer, int statusBefore) {
    return backend
        .connection()
        .load(command, file.pieces())
        .map(reply -> collected(reply, answer, statusBefore));
  }

  private static BranchAnswer streamed(
      ReplySummary summary, AnswerDigest digest, HeldSink held, Answer answer, int statusBefore) {
    long affected = summary.ending().ok().map(ok -> ok.affected()).orElse(0L);
    return new BranchAnswer(
        digest.of(summary, affected),
        summary.error(),
        summary.error().isPresent() ? statusBefore : summary.status(),
        summary.ending().ok().map(ok -> ok.insertId()).orElse(0L),
        summary.ending().ok().map(ok -> ok.info()).orElse(""),
        () -> {
          held.letGo();
          return answer.streamed(summary);
        });
  }

  private static BranchAnswer collected(Reply reply, Answer answer, int statusBefore) {
    return new BranchAnswer(
        AnswerDigest.of(reply),
        reply.failure(),
        Relay.status(reply, statusBefore),
        reply.<Long>fold(ok -> ok.insertId(), err -> 0L, results -> 0L),
        reply.<String>fold(ok -> ok.info(), err -> "", results -> ""),
        () -> {
          answer.reply(reply);
          return Future.succeededFuture();
        });
  }

  /** Gives the client the end of the answer. */
  Future<Void> deliver() {
    return delivery.get();
  }

  boolean failedWith(int code) {
    return error.filter(found -> found.code() == code).isPresent();
  }
}
