package io.lockstep.sql;

/**
 * Which statements make somebody an owner of a role, or give one on: what they do, and whether they
 * may, depends on who executes them (MariaDB Knowledge Base, Roles Overview: WITH ADMIN).
 */
public final class RoleGrants {
  private RoleGrants() {}

  /** Whether it is CREATE ROLE, GRANT role TO, or REVOKE role FROM. */
  public static boolean is(Tokens tokens) {
    if (tokens.is(0, "CREATE")) {
      return tokens.is(1, "ROLE")
          || (tokens.is(1, "OR") && tokens.is(2, "REPLACE") && tokens.is(3, "ROLE"));
    }
    boolean other = tokens.isAny(1, "PROXY", "ALL") || !tokens.isAny(0, "GRANT", "REVOKE");
    return !other && !hasObject(tokens);
  }

  /** Privileges are granted on something. */
  private static boolean hasObject(Tokens tokens) {
    for (int i = 1; i < tokens.count() && !tokens.isAny(i, "TO", "FROM"); i++) {
      if (tokens.is(i, "ON")) {
        return true;
      }
    }
    return false;
  }
}
