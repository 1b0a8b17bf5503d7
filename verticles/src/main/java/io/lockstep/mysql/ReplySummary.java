package io.lockstep.mysql;

import io.lockstep.model.MySqlError;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What a relayed reply was.
 *
 * @param start what its first packet was
 * @param status flags of its last OK or EOF
 * @param warnings count of its last OK or EOF
 * @param rows how many, over all result sets
 * @param resultSets how many
 * @param bytes how many were passed to the sink
 * @param prepared the header of a prepared statement, if the command was COM_STMT_PREPARE
 * @param ending what ended it; its frame was not passed to the sink if it is an OK or an ERR
 */
public record ReplySummary(
    Start start,
    int status,
    int warnings,
    long rows,
    int resultSets,
    long bytes,
    Optional<PrepareOk> prepared,
    Ending ending) {
  /** The first packet of a reply. */
  public enum Start {
    OK,
    ERR,
    RESULT_SET,
    PREPARED,
    /** A payload without status flags, such as COM_STATISTICS gives. */
    BARE,
    OTHER,
    NOTHING
  }

  /**
   * The last packet.
   *
   * @param withheld the frame, header included, that the sink did not get: the caller sends it as
   *     it is, or another in its place, or nothing; empty if the sink has everything
   * @param sequence the sequence id of the last frame, for an answer in its place
   */
  public record Ending(
      Optional<OkPacket> ok, Optional<MySqlError> error, Optional<Buffer> withheld, int sequence) {}

  /** The same with another last packet. */
  public ReplySummary withEnding(Ending other) {
    return new ReplySummary(start, status, warnings, rows, resultSets, bytes, prepared, other);
  }

  public Optional<MySqlError> error() {
    return ending.error();
  }
}
