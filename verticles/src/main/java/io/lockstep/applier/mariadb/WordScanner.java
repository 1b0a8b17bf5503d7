package io.lockstep.applier.mariadb;

import java.util.function.Predicate;

/**
 * Finds all that may be a name in a text: words, and whatever stands in quotes of any kind. Takes
 * the same stack for every text, unlike a regular expression with alternatives inside a loop.
 */
final class WordScanner {
  private static final int NAME_LENGTH_MAX = 128;

  private final String text;
  private int at;

  WordScanner(String text) {
    this.text = text;
  }

  /** Hands out one name after the other, until {@code more} says that it is enough. */
  void scan(Predicate<String> more) {
    boolean wanted = true;
    while (at < text.length() && wanted) {
      char c = text.charAt(at);
      String found = "";
      if (c == '`' || c == '\'' || c == '"') {
        found = quoted(c);
      } else if (isPart(c)) {
        found = word();
      } else {
        at++;
      }
      if (!found.isEmpty() && found.length() <= NAME_LENGTH_MAX) {
        wanted = more.test(found);
      }
    }
  }

  private String word() {
    int start = at;
    while (at < text.length() && isPart(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** A quote that is never closed is a character like any other. */
  private String quoted(char quote) {
    StringBuilder content = new StringBuilder();
    int i = at + 1;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\' && quote == '\'') {
        i++;
      } else if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
        i++;
      } else if (c == quote) {
        at = i + 1;
        return content.toString();
      }
      if (content.length() <= NAME_LENGTH_MAX && i < text.length()) {
        content.append(text.charAt(i));
      }
      i++;
    }
    at++;
    return "";
  }

  private static boolean isPart(char c) {
    return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
  }
}
