package io.lockstep.sql;

import java.util.Set;

/**
 * The system variables that SET GLOBAL may change, on every node at its place in the order: those
 * that no write's effect depends on, and the defaults of settings that travel with every write. The
 * others are what the nodes' operator decides, or what Lockstep itself needs as it is.
 */
public final class GlobalVariables {
  /** Whether the cluster runs events; no database is told, or each would run them. */
  public static final String EVENT_SCHEDULER = "event_scheduler";

  private static final Set<String> DEFAULTS_OF_SESSIONS =
      Set.of("sql_mode", "time_zone", "tx_isolation", "transaction_isolation", "lc_time_names");

  private static final Set<String> STATISTICS =
      Set.of(
          "histogram_size",
          "histogram_type",
          "innodb_stats_auto_recalc",
          "innodb_stats_include_delete_marked",
          "innodb_stats_method",
          "innodb_stats_modified_counter",
          "innodb_stats_on_metadata",
          "innodb_stats_persistent",
          "innodb_stats_persistent_sample_pages",
          "innodb_stats_traditional",
          "innodb_stats_transient_sample_pages",
          "use_stat_tables",
          "userstat");

  private static final Set<String> RESOURCES =
      Set.of(
          "concurrent_insert",
          "ft_boolean_syntax",
          "innodb_buffer_pool_size",
          "innodb_io_capacity",
          "innodb_io_capacity_max",
          "innodb_lock_wait_timeout",
          "interactive_timeout",
          "join_buffer_size",
          "key_buffer_size",
          "lock_wait_timeout",
          "net_buffer_length",
          "net_read_timeout",
          "net_write_timeout",
          "query_cache_limit",
          "query_cache_min_res_unit",
          "query_cache_size",
          "query_cache_type",
          "query_cache_wlock_invalidate",
          "read_buffer_size",
          "read_rnd_buffer_size",
          "sort_buffer_size",
          "stored_program_cache",
          "table_definition_cache",
          "table_open_cache",
          "thread_cache_size",
          "wait_timeout");

  private static final Set<String> OBSERVATION =
      Set.of(
          "log_bin_trust_function_creators",
          "log_queries_not_using_indexes",
          "log_slow_rate_limit",
          "log_slow_verbosity",
          "log_warnings",
          "long_query_time",
          "min_examined_row_limit",
          "profiling",
          "profiling_history_size",
          "slow_query_log");

  private GlobalVariables() {}

  /** By its lower case name. */
  public static boolean mayBeSet(String name) {
    return DEFAULTS_OF_SESSIONS.contains(name)
        || STATISTICS.contains(name)
        || RESOURCES.contains(name)
        || OBSERVATION.contains(name)
        || EVENT_SCHEDULER.equals(name);
  }
}
