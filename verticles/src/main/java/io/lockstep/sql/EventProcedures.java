package io.lockstep.sql;

/**
 * The names of the procedures that a node makes of events' bodies while it runs them. They are the
 * node's own: neither ordered nor compared.
 */
public final class EventProcedures {
  private static final String PREFIX = "lockstep_event_";

  private EventProcedures() {}

  /** A name that differs for each run: {@code run} is unique in the cluster. */
  public static String name(long run) {
    return PREFIX + run;
  }

  /** Whether a procedure of this name would be taken for one of them; names ignore case. */
  static boolean isOneNamed(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** The condition that {@code column} is such a name, whatever the session's modes are. */
  public static String isOne(String column) {
    return "LEFT(" + column + "," + PREFIX.length() + ")='" + PREFIX + "'";
  }
}
