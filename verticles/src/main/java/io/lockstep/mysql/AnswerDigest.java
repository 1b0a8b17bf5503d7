package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a client sees of one answer, in 64 bits, so that two executions of a statement can be
 * compared: the rows whatever their order (it is promised by ORDER BY alone, which fixes it up to
 * equals), the counts of an OK, or the code of an error. Column definitions and warnings do not
 * count. Rows of the text protocol and of the binary one have different digests.
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
      return mix(mix(ERROR) + summary.error().get().code());
    }
    if (summary.resultSets() > 0) {
      return mix(mix(mix(ROWS) + rows) + sum);
    }
    long insertId = summary.ending().ok().map(OkPacket::insertId).orElse(0L);
    return mix(mix(mix(OK) + affected) + insertId);
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
