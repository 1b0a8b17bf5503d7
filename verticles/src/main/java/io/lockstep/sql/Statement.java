package io.lockstep.sql;

import io.lockstep.model.Bytes;

/**
 * One statement, read.
 *
 * @param unparsed its structure was not understood beyond its first keywords; if the server accepts
 *     it at PREPARE it must still be treated with the caution that {@code type} says, otherwise the
 *     server's own error is the answer
 */
public record Statement(
    Bytes sql, Dialect dialect, Tokens tokens, StatementClass type, Facts facts, boolean unparsed) {
  /** The statement without its literals, to key caches with. */
  public Shape shape() {
    return Shape.of(tokens);
  }
}
