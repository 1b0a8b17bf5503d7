package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GlobalVariablesTest {
  @Test
  void what_Lockstep_needs_as_it_is_may_not_be_set() {
    for (String name :
        List.of(
            "read_only",
            "enforce_storage_engine",
            "max_allowed_packet",
            "default_storage_engine",
            "default_tmp_storage_engine",
            "storage_engine",
            "max_sp_recursion_depth",
            "max_error_count",
            "note_verbosity",
            "binlog_format",
            "binlog_row_image",
            "log_bin_compress",
            "gtid_domain_id",
            "tx_read_only",
            "transaction_read_only",
            "max_connections",
            "autocommit",
            "completion_type",
            "idle_transaction_timeout",
            "max_session_mem_used",
            "thread_pool_priority",
            "proxy_protocol_networks",
            "innodb_flush_log_at_trx_commit",
            "init_connect",
            "auto_increment_increment",
            "auto_increment_offset",
            "sync_binlog",
            "sql_select_limit",
            "unique_checks",
            "lc_messages",
            "no_such")) {
      assertFalse(GlobalVariables.mayBeSet(name), name);
    }
  }

  @Test
  void statistics_resources_and_defaults_of_sessions_may_be_set() {
    for (String name :
        List.of(
            "innodb_stats_persistent",
            "query_cache_size",
            "sql_mode",
            "event_scheduler",
            "ft_boolean_syntax",
            "group_concat_max_len",
            "optimizer_switch",
            "tmp_table_size",
            "general_log",
            "foreign_key_checks",
            "collation_server",
            "max_statement_time",
            "innodb_purge_threads",
            "local_infile",
            "innodb_default_row_format",
            "log_bin_trust_function_creators")) {
      assertTrue(GlobalVariables.mayBeSet(name), name);
    }
  }
}
