package io.lockstep.bus;

import io.lockstep.model.Setting;
import java.util.List;

/**
 * One setting of a write's context. The names that nearly every write carries take one byte: their
 * place in {@link #KNOWN}, which is only ever appended to. No version of its own: it is a field of
 * {@link WriteCodec}.
 */
final class SettingCodec {
  private static final int NAME_BYTES_MAX = 1_024;
  private static final int SPELLED = 0;

  /** Never reorder, never remove: the places are in the log. */
  private static final List<String> KNOWN =
      List.of(
          "timestamp",
          "rand_seed1",
          "rand_seed2",
          "sql_mode",
          "time_zone",
          "character_set_client",
          "character_set_connection",
          "collation_connection",
          "character_set_results",
          "collation_database",
          "collation_server",
          "foreign_key_checks",
          "unique_checks",
          "check_constraint_checks",
          "sql_auto_is_null",
          "tx_isolation",
          "last_insert_id",
          "insert_id",
          "pseudo_thread_id",
          "lc_time_names",
          "div_precision_increment",
          "default_week_format",
          "group_concat_max_len",
          "max_error_count",
          "auto_increment_increment",
          "auto_increment_offset",
          "explicit_defaults_for_timestamp",
          "default_storage_engine",
          "old_mode",
          "note_verbosity",
          "sql_safe_updates",
          "sql_select_limit");

  private SettingCodec() {}

  static void write(BodyWriter out, Setting setting) {
    int place = KNOWN.indexOf(setting.name());
    if (place < 0) {
      out.u8(SPELLED).text(setting.name());
    } else {
      out.u8(place + 1);
    }
    out.text(setting.literal());
  }

  static Setting read(BodyReader in) {
    int place = in.u8();
    if (place > KNOWN.size()) {
      throw new MalformedBodyException("no setting has the place " + place);
    }
    String name = place == SPELLED ? in.text(NAME_BYTES_MAX) : KNOWN.get(place - 1);
    return new Setting(name, in.text(Setting.LITERAL_LENGTH_MAX));
  }
}
