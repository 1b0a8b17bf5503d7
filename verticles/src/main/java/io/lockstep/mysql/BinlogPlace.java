package io.lockstep.mysql;

import io.lockstep.model.Require;
import io.vertx.core.buffer.Buffer;

/** A place in a server's binary log. */
public record BinlogPlace(String file, long position) {
  /** The queries as text belong to the events (MariaDB: BINLOG_SEND_ANNOTATE_ROWS_EVENT): no. */
  private static final int FLAGS = 0;

  public BinlogPlace {
    Require.that(!file.isEmpty(), "a binary log has a file");
    Require.that(position >= 4 && position < 1L << 32, "a dump begins at 4 to 2^32 - 1");
  }

  /** MariaDB: COM_BINLOG_DUMP. */
  Buffer dumpCommand(long serverId) {
    return Buffer.buffer()
        .appendByte((byte) CommandCode.BINLOG_DUMP)
        .appendUnsignedIntLE(position)
        .appendShortLE((short) FLAGS)
        .appendUnsignedIntLE(serverId)
        .appendString(file);
  }
}
