package io.lockstep.sql;

import java.util.Locale;
import java.util.Set;

/** The schemas that the servers and Lockstep keep for themselves; each node has its own content. */
public final class SystemSchemas {
  /** Lockstep's own, in which no client defines anything. */
  public static final String OWN = "lockstep";

  private static final Set<String> NAMES =
      Set.of("information_schema", "performance_schema", "mysql", "sys", OWN);

  private SystemSchemas() {}

  /** Whether it is the schema of Lockstep's own tables. */
  public static boolean isOwn(String schema) {
    return schema.equalsIgnoreCase(OWN);
  }

  public static boolean contains(String schema) {
    return NAMES.contains(schema.toLowerCase(Locale.ROOT));
  }
}
