package io.lockstep.applier.mariadb;

import io.lockstep.model.MySqlError;
import java.util.Set;

/** The database could not do what every other node's database can: never the outcome of a write. */
public final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Codes below are of the server's file and memory layer (MariaDB: mysys errors). */
  private static final int SQL_ERRORS_FROM = 1000;

  /**
   * HA_ERR_AUTOINC_ERANGE, the one error of a statement among them: its table has no id left. The
   * order gives the ids, so no node has another.
   */
  private static final int NO_ID_LEFT = 167;

  /**
   * MariaDB Error Code Reference: 1015/1016/1023/1024/1026/1030 files, 1020/1412 a snapshot that
   * went stale, 1021/1114 disk or table full, 1034/1035/1194/1195/1712 a damaged table or index,
   * 1037/1038/1041/1135/1206 memory, threads and locks, 1040/1203 connections, 1053/1077/1079/1927
   * shutdown and kill, 1158-1161 the network, 1180/1181 commit and rollback, 1205/1213 lock wait
   * and deadlock, 1836 a server that is read-only, 1317/1969/3024 interrupted, 1613 and 1614 an XA
   * branch rolled back.
   */
  private static final Set<Integer> CODES =
      Set.of(
          1015, 1016, 1020, 1021, 1023, 1024, 1026, 1030, 1034, 1035, 1037, 1038, 1040, 1041, 1053,
          1077, 1079, 1114, 1135, 1158, 1159, 1160, 1161, 1180, 1181, 1194, 1195, 1203, 1205, 1206,
          1213, 1317, 1412, 1613, 1614, 1712, 1836, 1927, 1969, 3024);

  /**
   * ER_OPTION_PREVENTS_STATEMENT: of the options that it names, this one alone comes and goes. The
   * others, such as NO_ENGINE_SUBSTITUTION, say that no node takes the statement.
   */
  private static final int OPTION = 1290;

  /** ER_CANT_CREATE_TABLE and its kin name the system's error, which may be the disk's. */
  private static final Set<Integer> MAYBE = Set.of(1004, 1005, 1006, 1007, 1010, 1025);

  EnvironmentException(String what) {
    super(what);
  }

  static EnvironmentException of(MySqlError error) {
    return new EnvironmentException(error.code() + " " + error.message());
  }

  /** Whether an error says nothing about the statement, only about this server, now. */
  static boolean isEnvironment(MySqlError error) {
    return (error.code() < SQL_ERRORS_FROM && error.code() != NO_ID_LEFT)
        || CODES.contains(error.code())
        || (error.code() == OPTION && error.message().contains("read-only"))
        || (MAYBE.contains(error.code()) && namesDisk(error.message()));
  }

  /**
   * Whether the engine has not found at this moment what the server has just opened, as a RENAME
   * may beside transactions on tables that refer to it (HA_ERR_NO_SUCH_TABLE). Asked again, it
   * does.
   */
  static boolean mayPass(MySqlError error) {
    return MAYBE.contains(error.code()) && error.message().contains("rrno: 155");
  }

  private static boolean namesDisk(String message) {
    return message.contains("No space left")
        || message.contains("rrno: 28")
        || message.contains("rrcode: 28")
        || message.contains("rrno: 30 ")
        || message.contains("Too many open files");
  }

  /** Somebody holds a lock that the statement needs: worth another try on the same connection. */
  static boolean isLockWait(MySqlError error) {
    return error.code() == 1205;
  }
}
