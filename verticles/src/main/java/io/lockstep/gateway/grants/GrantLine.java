package io.lockstep.gateway.grants;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads one line of {@code SHOW GRANTS}; what it does not understand grants nothing. */
final class GrantLine {
  private final String line;
  private int at;

  GrantLine(String line) {
    this.line = line;
  }

  Optional<Grant> parse() {
    if (!word("GRANT ") || next() == '`' || next() == '"') {
      return Optional.empty();
    }
    Set<String> privileges = privileges();
    if (!word("ON ")) {
      return Optional.empty();
    }
    boolean routine =
        word("PROCEDURE ") || word("FUNCTION ") || word("PACKAGE BODY ") || word("PACKAGE ");
    String schema = name();
    if (!word(".")) {
      return Optional.empty();
    }
    String object = name();
    boolean grantOption =
        line.endsWith(" WITH GRANT OPTION") || line.contains(" WITH GRANT OPTION ");
    return Optional.of(
        new Grant(
            level(routine, schema, object),
            schema(schema),
            object(object),
            privileges,
            grantOption));
  }

  private static Grant.Level level(boolean routine, String schema, String object) {
    if (routine) {
      return Grant.Level.ROUTINE;
    }
    if (schema.equals("*")) {
      return Grant.Level.GLOBAL;
    }
    return object.equals("*") ? Grant.Level.SCHEMA : Grant.Level.TABLE;
  }

  private static String schema(String name) {
    return name.equals("*") ? "" : name;
  }

  private static String object(String name) {
    return name.equals("*") ? "" : name;
  }

  /** Privileges up to ON; one on single columns ({@code SELECT (`a`)}) does not count as held. */
  private Set<String> privileges() {
    Set<String> privileges = new HashSet<>();
    StringBuilder current = new StringBuilder();
    boolean onColumns = false;
    while (at < line.length() && !(line.startsWith(" ON ", at))) {
      char c = line.charAt(at);
      if (c == '(') {
        onColumns = true;
        skipColumns();
      } else if (c == ',') {
        add(privileges, current, onColumns);
        onColumns = false;
        at++;
      } else {
        current.append(c);
        at++;
      }
    }
    add(privileges, current, onColumns);
    at = Math.min(at + 1, line.length());
    return privileges;
  }

  private static void add(Set<String> privileges, StringBuilder current, boolean onColumns) {
    if (!onColumns) {
      privileges.add(current.toString().strip().toUpperCase(Locale.ROOT));
    }
    current.setLength(0);
  }

  private void skipColumns() {
    at++;
    while (at < line.length() && line.charAt(at) != ')') {
      if (line.charAt(at) == '`' || line.charAt(at) == '"') {
        name();
      } else {
        at++;
      }
    }
    at++;
  }

  private String name() {
    char quote = next();
    StringBuilder name = new StringBuilder();
    if (quote != '`' && quote != '"') {
      while (at < line.length() && " .".indexOf(line.charAt(at)) < 0) {
        name.append(line.charAt(at++));
      }
      return name.toString();
    }
    at++;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote && next() != quote) {
        break;
      }
      if (c == quote) {
        at++;
      }
      name.append(c);
    }
    return name.toString();
  }

  private boolean word(String word) {
    boolean here = line.startsWith(word, at);
    at += here ? word.length() : 0;
    return here;
  }

  private char next() {
    return at < line.length() ? line.charAt(at) : ' ';
  }
}
