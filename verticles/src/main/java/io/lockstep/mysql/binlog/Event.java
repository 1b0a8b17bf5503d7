package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** One event of the binary log: its header and its content, without a checksum. */
public record Event(Bytes bytes) {
  public static final int HEADER_BYTES = 19;

  /** CRC32, the only kind of checksum that there is (MariaDB: BINLOG_CHECKSUM_ALG_CRC32). */
  private static final int CHECKSUM_BYTES = 4;

  private static final int TYPE_AT = 4;
  private static final int SIZE_AT = 9;
  private static final int FLAGS_AT = 17;

  public Event {
    if (bytes.length() < HEADER_BYTES) {
      throw ProtocolException.malformed("an event without its header");
    }
  }

  /** The event in {@code in}, which ends with a checksum if {@code checksummed}. */
  static Event of(Bytes in, boolean checksummed) {
    if (!checksummed) {
      return new Event(in);
    }
    if (in.length() < HEADER_BYTES + CHECKSUM_BYTES) {
      throw ProtocolException.malformed("an event without its checksum");
    }
    Buffer all = Buffer.buffer(in.view());
    if (all.getUnsignedIntLE(SIZE_AT) != in.length()) {
      return new Event(in);
    }
    Buffer without = all.getBuffer(0, in.length() - CHECKSUM_BYTES);
    without.setIntLE(SIZE_AT, without.length());
    return new Event(Bytes.owning(without.getBytes()));
  }

  public int type() {
    return bytes.at(TYPE_AT) & 0xff;
  }

  /** Whether bytes are missing at its end. */
  boolean cut() {
    return Buffer.buffer(bytes.view()).getUnsignedIntLE(SIZE_AT) > bytes.length();
  }

  int flags() {
    return bytes.at(FLAGS_AT) & 0xff;
  }

  /** What follows the header. */
  PayloadReader content() {
    return new PayloadReader(Buffer.buffer(bytes.view()), HEADER_BYTES, bytes.length());
  }
}
