package io.lockstep.mysql;

/** The first byte of a command (MariaDB: Text Protocol, Binary Protocol). */
final class CommandCode {
  static final int QUIT = 0x01;
  static final int INIT_DB = 0x02;
  static final int QUERY = 0x03;
  static final int FIELD_LIST = 0x04;
  static final int REFRESH = 0x07;
  static final int STATISTICS = 0x09;
  static final int PROCESS_INFO = 0x0a;
  static final int PROCESS_KILL = 0x0c;
  static final int DEBUG = 0x0d;
  static final int PING = 0x0e;
  static final int CHANGE_USER = 0x11;
  static final int BINLOG_DUMP = 0x12;
  static final int PREPARE = 0x16;
  static final int EXECUTE = 0x17;
  static final int LONG_DATA = 0x18;
  static final int CLOSE = 0x19;
  static final int STMT_RESET = 0x1a;
  static final int SET_OPTION = 0x1b;
  static final int FETCH = 0x1c;
  static final int RESET = 0x1f;
  static final int BULK_EXECUTE = 0xfa;

  private CommandCode() {}
}
