package io.lockstep.applier.mariadb;

import io.lockstep.model.OwnSettings;
import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.model.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a connection's session has assigned, and what it must assign for a write: only the
 * difference. A setting that a context leaves out has its default of {@link SettingDefaults}, a
 * user variable is NULL. Settings that hold for one statement only are {@link OwnSettings}.
 */
final class PinnedContext {
  /**
   * Stands for no default schema, which a session cannot go back to: unqualified names are errors
   * in it, and nothing can be made there.
   */
  static final String NO_SCHEMA = "information_schema";

  /**
   * Not taken from contexts: it may make no difference to the result, but with it off an insert
   * into an empty table is buffered and finds its errors at the commit of the whole batch (MariaDB:
   * InnoDB bulk insert).
   */
  private static final String ALWAYS_ON = "unique_checks";

  private static final String COLLATION = "collation_connection";
  private static final List<String> WIDE = List.of("'ucs2", "'utf16", "'utf32");

  private static final Map<String, String> DEFAULTS = defaults();

  private final Map<String, String> assigned = new LinkedHashMap<>(DEFAULTS);
  private String schema = NO_SCHEMA;

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    SettingDefaults.ALL.forEach(setting -> defaults.put(setting.name(), setting.literal()));
    defaults.put(SettingDefaults.RESULTS.name(), SettingDefaults.RESULTS.literal());
    return Map.copyOf(defaults);
  }

  /** The statement that makes a new session what this object believes it to be. */
  static String assignDefaults() {
    List<String> all = new ArrayList<>();
    SettingDefaults.ALL.forEach(setting -> all.add(setting.name() + "=" + setting.literal()));
    all.add(SettingDefaults.RESULTS.name() + "=" + SettingDefaults.RESULTS.literal());
    return "SET SESSION " + String.join(", ", all);
  }

  /** The schema to change to, if the session has another; from then on it has this one. */
  Optional<String> changeSchema(Step.Statement write) {
    String wanted = write.schema().isEmpty() ? NO_SCHEMA : write.schema();
    if (wanted.equals(schema)) {
      return Optional.empty();
    }
    schema = wanted;
    return Optional.of(wanted);
  }

  /** Nobody knows what the session has now: everything is assigned anew with the next write. */
  void unknown() {
    schema = "";
    assigned.replaceAll((name, literal) -> "");
  }

  /** The assignment to send before the write, if any; from then on it is made. */
  Optional<String> assign(Step.Statement write) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Setting setting : write.context()) {
      if (!OwnSettings.contains(setting.name()) && !isAlwaysOn(setting.name())) {
        wanted.put(setting.name(), setting.literal());
      }
    }
    return assign(wanted);
  }

  /** As for a write whose context is empty. */
  Optional<String> assignNothing() {
    return assign(Map.of());
  }

  private Optional<String> assign(Map<String, String> wanted) {
    boolean wide = mayBeWide();
    List<String> changes = new ArrayList<>();
    for (String name : List.copyOf(assigned.keySet())) {
      if (!wanted.containsKey(name)) {
        change(name, defaultOf(name), wide, changes);
        if (!DEFAULTS.containsKey(name)) {
          assigned.remove(name);
        }
      }
    }
    wanted.forEach((name, literal) -> change(name, literal, wide, changes));
    return changes.isEmpty() ? Optional.empty() : Optional.of("SET " + String.join(", ", changes));
  }

  /**
   * Whether plain strings may be of more than one byte for every character, in which the server
   * does not know its own words (MariaDB: time_zone, lc_time_names).
   */
  private boolean mayBeWide() {
    String collation = assigned.getOrDefault(COLLATION, "");
    return collation.isEmpty() || WIDE.stream().anyMatch(collation::startsWith);
  }

  private void change(String name, String literal, boolean wide, List<String> changes) {
    if (!literal.equals(assigned.put(name, literal))) {
      boolean plain = literal.startsWith("'") && DEFAULTS.containsKey(name);
      changes.add(name + "=" + (wide && plain ? "_utf8mb4" : "") + literal);
    }
  }

  private static String defaultOf(String name) {
    String known = DEFAULTS.get(name);
    if (known != null) {
      return known;
    }
    return name.charAt(0) == '@' ? "NULL" : "DEFAULT";
  }

  private static boolean isAlwaysOn(String name) {
    return ALWAYS_ON.equalsIgnoreCase(name);
  }
}
