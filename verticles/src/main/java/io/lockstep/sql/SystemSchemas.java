package io.lockstep.sql;

import java.util.Locale;
import java.util.Set;

/** The schemas that the servers and Lockstep keep for themselves; each node has its own content. */
public final class SystemSchemas {
  private static final Set<String> NAMES =
      Set.of("information_schema", "performance_schema", "mysql", "sys", "lockstep");

  private SystemSchemas() {}

  public static boolean contains(String schema) {
    return NAMES.contains(schema.toLowerCase(Locale.ROOT));
  }
}
