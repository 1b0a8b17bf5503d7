package io.lockstep.model;

/**
 * One client's session, as SHOW PROCESSLIST shows it.
 *
 * @param id the connection id that the client was told
 * @param host the client's address and port
 * @param schema the default schema, empty for none
 * @param command such as {@code Sleep} or {@code Query}
 * @param timeMs for how long
 * @param state what the session waits for; empty when it is idle
 * @param info the statement it runs, cut to the length asked for; empty when there is none
 */
public record ClientProcess(
    long id,
    String user,
    String host,
    String schema,
    String command,
    long timeMs,
    String state,
    String info) {
  /** As many as one node tells of. */
  public static final int PROCESSES_MAX = 10_000;

  /** Longest user, host, schema, command or state, in characters. */
  public static final int WORD_LENGTH_MAX = 300;

  /** Longest statement that is told, in characters. */
  public static final int INFO_LENGTH_MAX = 16_384;

  public ClientProcess {
    Require.that(id >= 0 && timeMs >= 0, "ids and times are not negative");
    Require.that(
        Math.max(user.length(), host.length()) <= WORD_LENGTH_MAX
            && Math.max(schema.length(), command.length()) <= WORD_LENGTH_MAX
            && state.length() <= WORD_LENGTH_MAX,
        "a word about a session has at most 300 characters");
    Require.that(info.length() <= INFO_LENGTH_MAX, "a statement is told up to 16384 characters");
  }
}
