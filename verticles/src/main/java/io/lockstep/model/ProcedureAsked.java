package io.lockstep.model;

import java.util.Optional;

/**
 * Asks a node for a procedure of its own in the place of one that ends transactions itself.
 *
 * @param procedure that a client calls
 * @param program the procedure, where it is stored nowhere
 * @param definitions the last change of definitions that the asker knows of
 * @param autocommit of the client's session
 * @param caller the account that calls it
 * @param defines whether the asker orders definitions while the procedure waits
 * @param numbers whether the asker says which ids it draws
 */
public record ProcedureAsked(
    TableName procedure,
    Optional<Program> program,
    Seq definitions,
    boolean autocommit,
    Account caller,
    boolean defines,
    boolean numbers) {
  /** The longest text of a program that is sent. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /**
   * What a compound statement does, with the rights of who calls it.
   *
   * @param body in the character set {@code charset}
   */
  public record Program(Bytes body, String sqlMode, String charset, String collation) {}
}
