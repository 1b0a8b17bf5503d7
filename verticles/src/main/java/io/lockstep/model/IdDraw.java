package io.lockstep.model;

import java.util.OptionalLong;

/**
 * What a write does to the AUTO_INCREMENT column of one table. The applier keeps the next id of
 * every table as replicated state: it pins {@code INSERT_ID} to it, then advances it by {@code
 * drawn} and past {@code explicitMax}, whether or not the statement succeeds. A statement that
 * draws nothing and is to be read again, such as an UPDATE of the column, moves it by its rows
 * alone.
 *
 * @param table the table that is inserted into
 * @param column its AUTO_INCREMENT column
 * @param drawn how many ids the statement may take, 0 or more
 * @param leading the highest id that the statement names before the first row that draws, which
 *     comes after it
 * @param explicitMax the highest id that the statement names itself
 * @param reread the statement names ids that only its execution knows: look at the column's maximum
 *     afterwards
 */
public record IdDraw(
    TableName table,
    String column,
    int drawn,
    OptionalLong leading,
    OptionalLong explicitMax,
    boolean reread) {
  public IdDraw {
    Require.that(!column.isEmpty(), "an AUTO_INCREMENT column has a name");
    Require.that(drawn >= 0, "a statement draws no negative number of ids");
  }

  /** Whose rows that draw come before those that name an id. */
  public IdDraw(
      TableName table, String column, int drawn, OptionalLong explicitMax, boolean reread) {
    this(table, column, drawn, OptionalLong.empty(), explicitMax, reread);
  }
}
