package io.lockstep.model;

import java.util.List;

/**
 * Rows whose locks a transaction lets go, since its write has its place and is about to be applied:
 * who waits for them at that database had better wait for that. A hint; the rows are guessed from
 * the texts of the transaction and of those who wait.
 *
 * @param node whose database it is
 * @param rows hashes of a table's name with a value that a statement names
 */
public record HandedOver(NodeId node, List<Integer> rows) {
  public static final int ROWS_MAX = 256;

  public HandedOver {
    rows = List.copyOf(rows);
    Require.that(rows.size() <= ROWS_MAX, "at most 256 rows are named");
  }
}
