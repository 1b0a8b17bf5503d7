package io.lockstep.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The session settings that travel with writes, and the value that each has for a write whose
 * context does not name it. The same on every node, whatever the servers' own global defaults are.
 * An applier assigns all of them when it connects, in this order.
 */
public final class SettingDefaults {
  /** Every setting that may be in a context without being needed by the statement itself. */
  public static final List<Setting> ALL =
      List.of(
          new Setting(
              "sql_mode",
              "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,"
                  + "NO_ENGINE_SUBSTITUTION'"),
          new Setting("time_zone", "'+00:00'"),
          new Setting("character_set_client", "'utf8mb4'"),
          new Setting("collation_connection", "'utf8mb4_general_ci'"),
          new Setting("collation_server", "'utf8mb4_general_ci'"),
          new Setting("foreign_key_checks", "1"),
          new Setting("unique_checks", "1"),
          new Setting("check_constraint_checks", "1"),
          new Setting("lc_time_names", "'en_US'"),
          new Setting("div_precision_increment", "4"),
          new Setting("default_week_format", "0"),
          new Setting("group_concat_max_len", "1048576"),
          new Setting("explicit_defaults_for_timestamp", "1"),
          new Setting("innodb_strict_mode", "1"),
          new Setting("sql_auto_is_null", "0"),
          new Setting("sql_if_exists", "0"),
          new Setting("default_regex_flags", "''"),
          new Setting("updatable_views_with_limit", "'YES'"),
          new Setting("standard_compliant_cte", "1"),
          new Setting("max_recursive_iterations", "1000"),
          new Setting("sql_notes", "1"),
          new Setting("sql_warnings", "0"),
          new Setting("sql_select_limit", "18446744073709551615"),
          new Setting("sql_safe_updates", "0"),
          new Setting("old_mode", "'UTF8_IS_UTF8MB3'"),
          new Setting("system_versioning_alter_history", "'ERROR'"),
          new Setting("system_versioning_insert_history", "0"),
          new Setting("alter_algorithm", "'DEFAULT'"),
          new Setting("innodb_compression_default", "0"));

  /** Travels with reads that are compared, where it is another. */
  public static final Setting RESULTS = new Setting("character_set_results", "'utf8mb4'");

  private static final Map<String, Setting> BY_NAME = byName();

  private SettingDefaults() {}

  /** Whether a context may leave this setting out. */
  public static boolean isDefault(Setting setting) {
    return setting.equals(BY_NAME.get(setting.name()));
  }

  private static Map<String, Setting> byName() {
    Map<String, Setting> byName = new LinkedHashMap<>();
    ALL.forEach(setting -> byName.put(setting.name(), setting));
    return Map.copyOf(byName);
  }
}
