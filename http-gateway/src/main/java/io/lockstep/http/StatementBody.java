package io.lockstep.http;

import java.util.List;

/**
 * What a client wants executed.
 *
 * @param literals the parameters as SQL, in the order of the placeholders
 * @param bigNumbersAsText whether 64-bit integers and decimals are answered as JSON strings
 */
record StatementBody(String database, String sql, List<String> literals, boolean bigNumbersAsText) {
  static final int PARAMS_MAX = 65_535;
  static final int DATABASE_LENGTH_MAX = 64;

  StatementBody {
    literals = List.copyOf(literals);
  }
}
