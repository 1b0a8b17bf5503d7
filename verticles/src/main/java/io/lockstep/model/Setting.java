package io.lockstep.model;

import java.util.regex.Pattern;

/**
 * One assignment that the applier makes before a write, pinned by the gateway: the left-hand side
 * (such as {@code SESSION sql_mode} or {@code @x}) and an SQL expression that has the same value on
 * every node (a literal, ASCII only).
 */
public record Setting(String name, String literal) {
  public static final int LITERAL_LENGTH_MAX = 1 << 24;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|@`(?:[^`]|``)+`");

  public Setting {
    Require.that(NAME.matcher(name).matches(), "not a variable's name: " + name);
    Require.that(!literal.isEmpty(), "a setting has a value: " + name);
    Require.that(literal.length() <= LITERAL_LENGTH_MAX, "a setting's value is too long: " + name);
  }

  /** The characters of both sides, which are as many bytes. */
  public int length() {
    return name.length() + literal.length();
  }

  /** Whether this is a user variable ({@code @`name`}) and not a system variable. */
  public boolean isUserVariable() {
    return name.charAt(0) == '@';
  }
}
