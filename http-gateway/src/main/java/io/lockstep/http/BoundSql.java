package io.lockstep.http;

import io.lockstep.model.Bytes;
import java.util.List;

/**
 * Puts literals where the question marks of a statement stand. Finds them outside of quotes and
 * comments (MariaDB Knowledge Base, String Literals, Comment Syntax), and never depends on the
 * session's {@code sql_mode}: text in which a backslash decides where a quote ends is refused.
 */
final class BoundSql {
  private final String sql;
  private final List<String> literals;
  private final StringBuilder bound;
  private int at;
  private int used;

  private BoundSql(String sql, List<String> literals) {
    this.sql = sql;
    this.literals = literals;
    this.bound = new StringBuilder(sql.length() + 16 * literals.size());
  }

  /** The statement in UTF-8; without literals it stays as it is. */
  static Bytes of(String sql, List<String> literals) {
    return Bytes.utf8(literals.isEmpty() ? sql : new BoundSql(sql, literals).bind());
  }

  private String bind() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"' || c == '`') {
        copyQuoted(c);
      } else if (c == '#' || startsDashComment()) {
        copyUntil("\n");
      } else if (sql.startsWith("/*", at)) {
        copyUntil("*/");
      } else if (c == '?') {
        place();
      } else {
        copy(at + 1);
      }
    }
    if (used < literals.size()) {
      throw mismatch(used);
    }
    return bound.toString();
  }

  private void copyQuoted(char quote) {
    int end = at + 1;
    while (end < sql.length() && sql.charAt(end) != quote) {
      if (sql.charAt(end) == '\\' && quote != '`') {
        end = afterBackslashes(end, quote);
      } else {
        end++;
      }
    }
    copy(Math.min(end + 1, sql.length()));
  }

  private int afterBackslashes(int from, char quote) {
    int end = from;
    while (end < sql.length() && sql.charAt(end) == '\\') {
      end++;
    }
    if (end < sql.length() && sql.charAt(end) == quote) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST,
          "a statement with params has no backslash before a quote: pass the text as a param");
    }
    return end;
  }

  private boolean startsDashComment() {
    return sql.startsWith("--", at) && (at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
  }

  private void copyUntil(String end) {
    int found = sql.indexOf(end, at + 1);
    copy(found < 0 ? sql.length() : found + end.length());
  }

  /** A space keeps "-?" with a negative number from becoming a comment. */
  private void place() {
    if (used == literals.size()) {
      throw mismatch(used + 1);
    }
    bound.append(' ').append(literals.get(used++)).append(' ');
    at++;
  }

  private void copy(int to) {
    bound.append(sql, at, to);
    at = to;
  }

  private ProblemException mismatch(int placeholders) {
    String seen = placeholders > literals.size() ? "more than " + literals.size() : "" + used;
    return new ProblemException(
        ProblemType.MALFORMED_REQUEST,
        "the statement has " + seen + " placeholders and " + literals.size() + " params");
  }
}
