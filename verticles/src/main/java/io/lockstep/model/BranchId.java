package io.lockstep.model;

/**
 * The name of a client's open transaction as an XA branch at its master's database; unique for
 * ever. A branch is only ever rolled back, so whatever of this name is found prepared and without
 * an owner may be rolled back by anybody.
 */
public record BranchId(String name) {
  /** What every branch of Lockstep's begins with, and nobody else's. */
  public static final String PREFIX = "lockstep-";

  /** The longest that a database takes (MariaDB: MAXGTRIDSIZE). */
  public static final int LENGTH_MAX = 64;

  public BranchId {
    Require.that(name.startsWith(PREFIX), "a branch's name begins with " + PREFIX);
    Require.that(name.length() <= LENGTH_MAX, "a branch's name has at most 64 characters");
    Require.that(name.matches("[A-Za-z0-9.-]+"), "a branch's name is letters, digits, '.', '-'");
  }
}
