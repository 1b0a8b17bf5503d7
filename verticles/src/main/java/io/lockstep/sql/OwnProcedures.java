package io.lockstep.sql;

/**
 * The names of the procedures that a node makes for itself: of events' bodies while it runs them,
 * and of procedures that end transactions themselves. They are neither ordered nor compared.
 */
public final class OwnProcedures {
  private static final String PREFIX = "lockstep_run_";

  private OwnProcedures() {}

  /** One of these names, which differs as {@code number} does. */
  public static String name(long number) {
    return PREFIX + Long.toUnsignedString(number);
  }

  /** Whether a procedure of this name would be taken for one of them; names ignore case. */
  public static boolean isOneNamed(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** The condition that {@code column} is such a name, whatever the session's modes are. */
  public static String isOne(String column) {
    return "LEFT(" + column + "," + PREFIX.length() + ")='" + PREFIX + "'";
  }
}
