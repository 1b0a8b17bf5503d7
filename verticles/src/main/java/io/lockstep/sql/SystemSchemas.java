package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The schemas that the servers and Lockstep keep for themselves; each node has its own content. */
public final class SystemSchemas {
  /** Lockstep's own, in which no client defines anything. */
  public static final String OWN = "lockstep";

  private static final Set<String> NAMES =
      Set.of("information_schema", "performance_schema", "mysql", "sys", OWN);

  /**
   * The tables of the schema {@code mysql} that say what a named time zone is. A write may depend
   * on them, so they are the same on every node, and ordered like the tables of clients.
   */
  public static final List<String> TIME_ZONES =
      List.of(
          "time_zone",
          "time_zone_leap_second",
          "time_zone_name",
          "time_zone_transition",
          "time_zone_transition_type");

  private SystemSchemas() {}

  /** Whether it is the schema of Lockstep's own tables. */
  public static boolean isOwn(String schema) {
    return schema.equalsIgnoreCase(OWN);
  }

  public static boolean contains(String schema) {
    return NAMES.contains(schema.toLowerCase(Locale.ROOT));
  }

  /** Whether each node has its own content of that table. */
  public static boolean holds(TableName table) {
    return contains(table.schema())
        && !(table.schema().equals("mysql") && TIME_ZONES.contains(table.table()));
  }
}
