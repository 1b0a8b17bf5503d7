package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import java.util.Optional;

/**
 * The errors about a duplicate key that one statement has had. One may be about an id that it drew
 * at its master and that is another's, whose row is just being applied there, or has its place in
 * the order: run again, it is another id. What is an error on one server, too, comes again.
 */
final class Duplicates {
  /** ER_DUP_ENTRY. */
  private static final int DUPLICATE = 1062;

  private Optional<MySqlError> last = Optional.empty();

  static boolean isOne(MySqlError error) {
    return error.code() == DUPLICATE;
  }

  /** Whether it is one, and not the same as the last time. */
  boolean doubtful(Optional<MySqlError> error) {
    Optional<MySqlError> before = last;
    last = error.filter(Duplicates::isOne);
    return last.isPresent() && !last.equals(before);
  }
}
