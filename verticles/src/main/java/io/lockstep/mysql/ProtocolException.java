package io.lockstep.mysql;

import io.lockstep.model.MySqlError;

/**
 * The peer broke the protocol. Carries the error that a client is to be told before its connection
 * is closed. Codes: MariaDB's Error Code Reference.
 */
public final class ProtocolException extends RuntimeException {
  /** ER_NET_PACKET_TOO_LARGE. */
  public static final int TOO_LARGE = 1153;

  private static final long serialVersionUID = 1L;

  private final transient MySqlError error;

  public ProtocolException(MySqlError error) {
    super(error.code() + " " + error.message());
    this.error = error;
  }

  /** 1835: a packet whose content does not hold what its kind demands. */
  public static ProtocolException malformed(String what) {
    return new ProtocolException(
        new MySqlError(1835, "HY000", "Malformed communication packet: " + what));
  }

  /** 1043: the handshake cannot be understood or asks for what is not offered. */
  public static ProtocolException badHandshake(String what) {
    return new ProtocolException(new MySqlError(1043, "08S01", "Bad handshake: " + what));
  }

  /** 1156: a frame whose sequence id is not the expected one. */
  public static ProtocolException outOfOrder() {
    return new ProtocolException(new MySqlError(1156, "08S01", "Got packets out of order"));
  }

  /** 1157: a compressed frame that does not hold what it says. */
  public static ProtocolException notUncompressed() {
    return new ProtocolException(
        new MySqlError(1157, "08S01", "Couldn't uncompress communication packet"));
  }

  /** 1153: a packet longer than the bound of its connection. */
  public static ProtocolException tooLarge() {
    return new ProtocolException(
        new MySqlError(TOO_LARGE, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes"));
  }

  public MySqlError error() {
    return error;
  }
}
