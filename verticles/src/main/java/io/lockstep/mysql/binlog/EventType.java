package io.lockstep.mysql.binlog;

/** The kind of an event: the fifth byte of its header (MariaDB: 2-Binlog Event Header). */
public final class EventType {
  public static final int QUERY = 2;
  public static final int ROTATE = 4;
  public static final int FORMAT_DESCRIPTION = 15;
  public static final int XID = 16;
  public static final int TABLE_MAP = 19;
  public static final int WRITE_ROWS = 23;
  public static final int UPDATE_ROWS = 24;
  public static final int DELETE_ROWS = 25;
  public static final int HEARTBEAT = 27;
  public static final int XA_PREPARE = 38;
  public static final int ANNOTATE_ROWS = 160;
  public static final int GTID = 162;

  private EventType() {}

  /** Whether it is a row event of the form that every MariaDB writes (version 1). */
  public static boolean isRows(int type) {
    return type == WRITE_ROWS || type == UPDATE_ROWS || type == DELETE_ROWS;
  }
}
