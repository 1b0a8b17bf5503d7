package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.Map;
import java.util.TreeMap;

/**
 * A query in which some expressions and tables are written anew. Its columns keep the names that
 * they would have had.
 */
public final class Replacement {
  private static final int NAME_LENGTH_MAX = 255;

  private record Part(int end, String text) {}

  private final Tokens tokens;
  private final Map<Integer, Part> parts = new TreeMap<>();

  public Replacement(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Puts {@code text} in the place of the tokens from {@code first} to {@code last}. */
  public void expression(int first, int last, String text) {
    part(tokens.start(first), tokens.end(last), text);
    SelectItem.around(tokens, first, last)
        .filter(item -> !item.hasName(tokens))
        .ifPresent(this::name);
  }

  /**
   * Puts a query in the place of the table that the tokens from {@code first} to {@code last} name.
   */
  public void table(int first, int last, String query) {
    String name = hasAlias(tokens, last + 1) ? "" : " AS " + quoted(tokens.name(last));
    part(tokens.start(first), tokens.end(last), "(" + query + ")" + name);
  }

  /** Whether a table of a query, which ends before {@code next}, is given another name there. */
  public static boolean hasAlias(Tokens tokens, int next) {
    return tokens.is(next, "AS") || (tokens.isName(next) && !SelectItem.endsTable(tokens, next));
  }

  /** Puts {@code text} in the place of one token. */
  public void text(int token, String text) {
    part(tokens.start(token), tokens.end(token), text);
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /** The text as it is now. */
  public Bytes sql() {
    String text = tokens.text().latin1();
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (Map.Entry<Integer, Part> part : parts.entrySet()) {
      int start = part.getKey() / 2;
      out.append(text, from, start).append(part.getValue().text());
      from = part.getValue().end();
    }
    return Bytes.ofLatin1(out.append(text, from, text.length()).toString());
  }

  private void name(SelectItem item) {
    String written = NameCharacters.named(tokens, item.from(), item.to());
    int at = tokens.end(item.to() - 1);
    if (written.length() <= NAME_LENGTH_MAX) {
      // Odd keys: behind whatever is replaced up to there, before what begins there.
      parts.put(2 * at + 1, new Part(at, " AS " + quoted(written)));
    }
  }

  private void part(int start, int end, String text) {
    parts.put(2 * start, new Part(end, text));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
