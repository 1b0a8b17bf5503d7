package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Puts values where the question marks of a prepared statement stand. */
public final class Placeholders {
  private Placeholders() {}

  /**
   * The text with every placeholder replaced.
   *
   * @param positions the offsets of the question marks, ascending ({@link Facts#placeholders})
   * @throws IllegalArgumentException when there are not as many values as placeholders
   */
  public static Bytes bind(
      Bytes sql, List<Integer> positions, List<Literal> values, boolean noBackslashEscapes) {
    Require.that(positions.size() == values.size(), "one value for each placeholder");
    byte[] text = sql.view();
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + values.size() * 16);
    int from = 0;
    for (int i = 0; i < values.size(); i++) {
      int at = positions.get(i);
      out.write(text, from, at - from);
      Bytes literal = values.get(i).render(noBackslashEscapes);
      // A space keeps "-?" with a negative number from becoming a comment.
      out.write(' ');
      out.write(literal.view(), 0, literal.length());
      from = at + 1;
    }
    out.write(text, from, text.length - from);
    return Bytes.owning(out.toByteArray());
  }

  /**
   * The values as they are to be written: where a LIMIT clause counts, the server takes the integer
   * of whatever is bound (MariaDB: Item_param, limit_clause_param), but reads none as text.
   */
  public static List<Literal> counted(Tokens tokens, List<Literal> values) {
    if (values.stream().allMatch(Literal.Whole.class::isInstance)) {
      return values;
    }
    List<Literal> counted = new ArrayList<>(values);
    int placeholder = 0;
    for (int i = 0; i < tokens.count() && placeholder < values.size(); i++) {
      if (tokens.kind(i) == TokenKind.PLACEHOLDER) {
        if (counts(tokens, i)) {
          counted.set(placeholder, Literal.Whole.of(counted.get(placeholder).whole()));
        }
        placeholder++;
      }
    }
    return counted;
  }

  private static boolean counts(Tokens tokens, int i) {
    return tokens.isAny(i - 1, "LIMIT", "OFFSET")
        || (tokens.isSymbol(i - 1, ',') && tokens.is(i - 3, "LIMIT"));
  }

  /** Where the question marks of a text stand. */
  public static List<Integer> positions(Tokens tokens) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.kind(i) == TokenKind.PLACEHOLDER) {
        positions.add(tokens.start(i));
      }
    }
    return positions;
  }
}
