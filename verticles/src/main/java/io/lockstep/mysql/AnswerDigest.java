package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.RowErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a client sees of one answer, in 64 bits, so that two executions of a statement can be
 * compared: the rows whatever their order (it is promised by ORDER BY alone, which fixes it up to
 * equals), the counts of an OK, or the code of an error ({@link RowErrors} are one). Column
 * definitions and warnings do not count. Rows of the text protocol and of the binary one have
 * different digests.
 *
 * <p>An instance digests one reply as it passes by; lives on its connection's context.
 */
public final class AnswerDigest {
  private static final long ROWS = 1;
  private static final long OK = 2;
  private static final long ERROR = 3;

  private final CRC32C low = new CRC32C();
  private final CRC32 high = new CRC32();
  private boolean inRow;
  private long sum;
  private long rows;

  /** That of a result set without rows. */
  public static long ofNoRows() {
    return new AnswerDigest().ofRows();
  }

  /** A row begins. */
  void row() {
    endRow();
    inRow = true;
  }

  /** The packet at hand is no row. */
  void endRow() {
    if (inRow) {
      sum += mix(high.getValue() << 32 | low.getValue());
      rows++;
      low.reset();
      high.reset();
      inRow = false;
    }
  }

  /** More bytes of the row at hand, if one is. */
  void bytes(Buffer in, int from, int end) {
    if (inRow && end > from) {
      var bytes = ((BufferInternal) in).getByteBuf().nioBuffer(from, end - from);
      low.update(bytes.duplicate());
      high.update(bytes);
    }
  }

  /**
   * The digest of the reply, now that it has ended.
   *
   * @param affected rows as the client counts them, where the reply is an OK
   */
  public long of(ReplySummary summary, long affected) {
    endRow();
    if (summary.error().isPresent()) {
      return ofError(summary.error().get());
    }
    return summary.resultSets() > 0
        ? ofRows()
        : ofOk(affected, summary.ending().ok().map(OkPacket::insertId).orElse(0L));
  }

  /** The digest of a reply that was collected; its OK counts rows as the client does. */
  public static long of(Reply reply) {
    return reply.fold(
        ok -> ofOk(ok.affected(), ok.insertId()),
        err -> ofError(err.error()),
        results -> ofResults(results));
  }

  private static long ofResults(Reply.Results results) {
    if (results.failure().isPresent()) {
      return ofError(results.failure().get());
    }
    AnswerDigest digest = new AnswerDigest();
    for (Reply.Part part : results.parts()) {
      part.foldPart(ok -> true, err -> true, digest::rows);
    }
    digest.endRow();
    return digest.ofRows();
  }

  /** Column count, definitions, EOF, rows, EOF. */
  private boolean rows(Reply.Rows set) {
    int first = set.columns() + 2;
    for (Bytes packet : set.packets().subList(first, first + set.count())) {
      row();
      bytes(Buffer.buffer(packet.view()), 0, packet.length());
    }
    return true;
  }

  private long ofRows() {
    return mix(mix(mix(ROWS) + rows) + sum);
  }

  private static long ofOk(long affected, long insertId) {
    return mix(mix(mix(OK) + affected) + insertId);
  }

  private static long ofError(MySqlError error) {
    return mix(mix(ERROR) + RowErrors.kind(error.code()));
  }

  /**
   * SplitMix64's finaliser (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
   */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
