package io.lockstep.model;

import java.util.Set;

/**
 * Errors that one row of many raises. Which row is the first that does depends on the order in
 * which a server visits them, and so on its own statistics: two servers of the same content may end
 * the same statement with two of these. Nothing of it is left on either.
 */
public final class RowErrors {
  /** Stands for all of them. */
  private static final int ONE_OF_THEM = 1;

  /**
   * Keys, NULL, ranges, lengths, values, foreign keys, conditions of tables and views, partitions,
   * subqueries of more than one row, and what triggers signal (MariaDB Knowledge Base, MariaDB
   * Error Code Reference).
   */
  private static final Set<Integer> CODES =
      Set.of(
          1022, 1048, 1062, 1169, 1216, 1217, 1242, 1264, 1265, 1292, 1365, 1366, 1367, 1369, 1406,
          1411, 1441, 1451, 1452, 1526, 1586, 1591, 1644, 1690, 1748, 1761, 1762, 3819, 4025, 4078);

  private RowErrors() {}

  /** What two executions of the same statement on the same content have in common. */
  public static int kind(int code) {
    return CODES.contains(code) ? ONE_OF_THEM : code;
  }
}
