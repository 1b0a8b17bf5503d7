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
      Set.of(
          "default_week_format",
          "div_precision_increment",
          "explicit_defaults_for_timestamp",
          "group_concat_max_len",
          "innodb_strict_mode",
          "lc_time_names",
          "sql_mode",
          "time_zone",
          "transaction_isolation",
          "tx_isolation");

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
          "bulk_insert_buffer_size",
          "concurrent_insert",
          "eq_range_index_dive_limit",
          "expensive_subquery_limit",
          "ft_boolean_syntax",
          "in_predicate_conversion_threshold",
          "innodb_adaptive_flushing",
          "innodb_adaptive_hash_index",
          "innodb_buffer_pool_size",
          "innodb_flush_neighbors",
          "innodb_io_capacity",
          "innodb_io_capacity_max",
          "innodb_lock_wait_timeout",
          "innodb_lru_scan_depth",
          "innodb_max_dirty_pages_pct",
          "innodb_max_dirty_pages_pct_lwm",
          "innodb_old_blocks_pct",
          "innodb_old_blocks_time",
          "innodb_purge_batch_size",
          "innodb_random_read_ahead",
          "innodb_read_ahead_threshold",
          "interactive_timeout",
          "join_buffer_size",
          "join_buffer_space_limit",
          "join_cache_level",
          "key_buffer_size",
          "lock_wait_timeout",
          "max_connect_errors",
          "max_heap_table_size",
          "max_length_for_sort_data",
          "max_rowid_filter_size",
          "max_seeks_for_key",
          "mrr_buffer_size",
          "myisam_sort_buffer_size",
          "net_buffer_length",
          "net_read_timeout",
          "net_write_timeout",
          "optimizer_max_sel_arg_weight",
          "optimizer_prune_level",
          "optimizer_search_depth",
          "optimizer_selectivity_sampling_limit",
          "optimizer_switch",
          "optimizer_use_condition_selectivity",
          "preload_buffer_size",
          "query_alloc_block_size",
          "query_cache_limit",
          "query_cache_min_res_unit",
          "query_cache_size",
          "query_cache_type",
          "query_cache_wlock_invalidate",
          "query_prealloc_size",
          "range_alloc_block_size",
          "read_buffer_size",
          "read_rnd_buffer_size",
          "rowid_merge_buff_size",
          "sort_buffer_size",
          "stored_program_cache",
          "table_definition_cache",
          "table_open_cache",
          "thread_cache_size",
          "tmp_disk_table_size",
          "tmp_memory_table_size",
          "tmp_table_size",
          "transaction_alloc_block_size",
          "transaction_prealloc_size",
          "wait_timeout");

  private static final Set<String> OBSERVATION =
      Set.of(
          "general_log",
          "innodb_print_all_deadlocks",
          "innodb_status_output",
          "innodb_status_output_locks",
          "log_bin_trust_function_creators",
          "log_disabled_statements",
          "log_output",
          "log_queries_not_using_indexes",
          "log_slow_admin_statements",
          "log_slow_disabled_statements",
          "log_slow_filter",
          "log_slow_max_warnings",
          "log_slow_min_examined_row_limit",
          "log_slow_query",
          "log_slow_query_time",
          "log_slow_rate_limit",
          "log_slow_verbosity",
          "log_warnings",
          "long_query_time",
          "max_error_count",
          "min_examined_row_limit",
          "optimizer_trace",
          "optimizer_trace_max_mem_size",
          "profiling",
          "profiling_history_size",
          "progress_report_time",
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
