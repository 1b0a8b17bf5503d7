package io.lockstep.model;

/**
 * An error as a MySQL client sees it. Codes and SQLSTATEs are MariaDB's (Error Code Reference).
 *
 * @param code the error number, 1 to 65535
 * @param sqlState five characters
 */
public record MySqlError(int code, String sqlState, String message) {
  public MySqlError {
    Require.that(code > 0 && code < 65_536, "an error code is 1 to 65535, was " + code);
    Require.that(sqlState.length() == 5, "an SQLSTATE has five characters: " + sqlState);
  }

  /** The same in other words. */
  public MySqlError saying(String words) {
    return new MySqlError(code, sqlState, words);
  }

  /** 1235: the statement is understood and refused, naming the reason and the way out. */
  public static MySqlError notSupported(String what) {
    return new MySqlError(1235, "42000", "Lockstep does not support " + what);
  }

  /** 1213: nothing happened, and the client may try again. */
  public static MySqlError deadlock() {
    return new MySqlError(
        1213, "40001", "Deadlock found when trying to get lock; try restarting transaction");
  }

  /** 1047: a command that there is not, or not any more for this connection. */
  public static MySqlError unknownCommand() {
    return new MySqlError(1047, "08S01", "Unknown command");
  }

  /** 1047: the command cannot be served in this node's state. */
  public static MySqlError notReady(String why) {
    return new MySqlError(1047, "08S01", "Lockstep node is not ready: " + why);
  }
}
