package io.lockstep.sql;

/**
 * A statement without its literals, white space and comments: equal for statements that differ only
 * in their values, so that what was learnt of one holds for the other.
 *
 * @param text keywords and names as written; {@code ?} for every literal and placeholder; of
 *     several rows of VALUES that hold only literals, and equally many, the first
 * @param rows how many such rows there are; 0 where there are none
 */
public record Shape(String text, int rows) {
  static Shape of(Tokens tokens) {
    return new ShapeReader(tokens).read();
  }
}
