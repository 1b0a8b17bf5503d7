package io.lockstep.mysql;

/**
 * Capability flags of the handshake (MariaDB: Connection, Capabilities), 64 bits of which the upper
 * half is MariaDB's own.
 */
public final class Capabilities {
  /** CLIENT_MYSQL: set by a side that does not speak of MariaDB's extended capabilities. */
  public static final int LONG_PASSWORD = 1;

  public static final int FOUND_ROWS = 1 << 1;
  public static final int LONG_FLAG = 1 << 2;
  public static final int CONNECT_WITH_DB = 1 << 3;
  public static final int NO_SCHEMA = 1 << 4;
  public static final int COMPRESS = 1 << 5;
  public static final int ODBC = 1 << 6;
  public static final int LOCAL_FILES = 1 << 7;
  public static final int IGNORE_SPACE = 1 << 8;
  public static final int PROTOCOL_41 = 1 << 9;
  public static final int INTERACTIVE = 1 << 10;
  public static final int SSL = 1 << 11;
  public static final int IGNORE_SIGPIPE = 1 << 12;
  public static final int TRANSACTIONS = 1 << 13;
  public static final int RESERVED = 1 << 14;
  public static final int SECURE_CONNECTION = 1 << 15;
  public static final int MULTI_STATEMENTS = 1 << 16;
  public static final int MULTI_RESULTS = 1 << 17;
  public static final int PS_MULTI_RESULTS = 1 << 18;
  public static final int PLUGIN_AUTH = 1 << 19;
  public static final int CONNECT_ATTRS = 1 << 20;
  public static final int PLUGIN_AUTH_LENENC_DATA = 1 << 21;
  public static final int CAN_HANDLE_EXPIRED_PASSWORDS = 1 << 22;
  public static final int SESSION_TRACK = 1 << 23;
  public static final int DEPRECATE_EOF = 1 << 24;

  /** CLIENT_ZSTD_COMPRESSION_ALGORITHM: the frames of COMPRESS, packed by zstd. */
  public static final int ZSTD = 1 << 26;

  /**
   * What Lockstep offers to its clients; SSL where it has a certificate. Without DEPRECATE_EOF: a
   * reply then has one form only, and can be relayed byte for byte. A client is asked for a file by
   * the gateway alone, for the one that its own statement names. Without LONG_PASSWORD, so that
   * clients look for {@link #OFFERED_EXTENDED}.
   */
  public static final int OFFERED =
      FOUND_ROWS
          | LONG_FLAG
          | CONNECT_WITH_DB
          | NO_SCHEMA
          | ODBC
          | LOCAL_FILES
          | IGNORE_SPACE
          | PROTOCOL_41
          | INTERACTIVE
          | IGNORE_SIGPIPE
          | TRANSACTIONS
          | RESERVED
          | SECURE_CONNECTION
          | MULTI_STATEMENTS
          | MULTI_RESULTS
          | PS_MULTI_RESULTS
          | PLUGIN_AUTH
          | CONNECT_ATTRS
          | PLUGIN_AUTH_LENENC_DATA
          | SESSION_TRACK
          | COMPRESS
          | ZSTD;

  /** MARIADB_CLIENT_STMT_BULK_OPERATIONS: COM_STMT_BULK_EXECUTE. */
  public static final long STMT_BULK = 1L << 34;

  /** MARIADB_CLIENT_EXTENDED_METADATA: column definitions tell types such as JSON and UUID. */
  public static final long EXTENDED_METADATA = 1L << 35;

  /** What Lockstep offers of MariaDB's own capabilities. */
  public static final long OFFERED_EXTENDED = STMT_BULK | EXTENDED_METADATA;

  /**
   * The flags that change what a session's statements mean or how its replies look: a backend
   * connection is opened with the client's own.
   */
  public static final long RELAYED =
      EXTENDED_METADATA
          | FOUND_ROWS
          | NO_SCHEMA
          | ODBC
          | LOCAL_FILES
          | IGNORE_SPACE
          | INTERACTIVE
          | MULTI_STATEMENTS
          | MULTI_RESULTS
          | PS_MULTI_RESULTS
          | SESSION_TRACK;

  /** What every backend connection asks for, whatever its options say. */
  static final int BACKEND_ALWAYS =
      LONG_PASSWORD
          | LONG_FLAG
          | PROTOCOL_41
          | TRANSACTIONS
          | RESERVED
          | SECURE_CONNECTION
          | PLUGIN_AUTH
          | CONNECT_ATTRS;

  private Capabilities() {}

  public static boolean has(long flags, long flag) {
    return (flags & flag) != 0;
  }

  /**
   * The flags of a peer whose lower half these are, with what stands in the place of the upper one:
   * of a peer with LONG_PASSWORD, which is CLIENT_MYSQL, that means nothing.
   */
  static long of(long lower, long upper) {
    return has(lower, LONG_PASSWORD) ? lower : lower | upper << Integer.SIZE;
  }

  /** The upper half, as it goes over the wire. */
  static long upper(long flags) {
    return has(flags, LONG_PASSWORD) ? 0 : flags >>> Integer.SIZE;
  }
}
