package io.lockstep.sql;

/**
 * A first, cheap look at a word: by its first letter and length most names are no keyword of a
 * clause, and need not be compared with all of them.
 */
final class ClauseWords {
  private static final String WORDS =
      "FROM JOIN STRAIGHT_JOIN WHERE HAVING SET VALUES RETURNING PROCEDURE OFFSET DUPLICATE ON"
          + " USING SELECT DISTINCT DISTINCTROW UNION EXCEPT INTERSECT GROUP ORDER LIMIT FETCH OVER"
          + " WINDOW INTO WITH RECURSIVE FOR";
  private static final int LENGTH_MAX = 16;
  private static final boolean[] POSSIBLE = possible();

  private ClauseWords() {}

  static boolean mayBe(Tokens tokens, int index) {
    int start = tokens.start(index);
    int letter = (tokens.text().at(start) & 0xdf) - 'A';
    int length = tokens.end(index) - start;
    return letter >= 0 && letter < 26 && length < LENGTH_MAX && POSSIBLE[place(letter, length)];
  }

  private static int place(int letter, int length) {
    return letter * LENGTH_MAX + length;
  }

  private static boolean[] possible() {
    boolean[] possible = new boolean[26 * LENGTH_MAX];
    for (String word : WORDS.split(" ")) {
      possible[place(word.charAt(0) - 'A', word.length())] = true;
    }
    return possible;
  }
}
