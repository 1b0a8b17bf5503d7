package io.lockstep.gateway;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Require;
import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.ClientCharset;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.StoredProcedure;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a session as its backend has them, read back after whatever may have changed
 * them.
 *
 * @param context those that differ from {@link SettingDefaults}
 * @param account what {@code CURRENT_USER()} answers
 * @param user what {@code USER()} answers
 * @param charset {@code character_set_client}
 * @param readOnly whether the backend refuses writes, as it must
 * @param packetBytesMax the longest command that the database takes
 * @param idleMax how long the client may be silent ({@code wait_timeout})
 * @param isolation of the session's transactions
 * @param results {@code character_set_results} as a literal
 */
record SettingsSnapshot(
    List<Setting> context,
    Dialect dialect,
    String schema,
    Account account,
    String user,
    Optional<String> role,
    String charset,
    String sqlMode,
    boolean readOnly,
    long packetBytesMax,
    Duration idleMax,
    Isolation isolation,
    Setting results) {
  private static final int FIXED = 8;
  private static final String COLLATION = "collation_connection";
  private static final List<String> UTC = List.of("UTC", "GMT", "Etc/UTC");

  /** One row with everything. */
  static final Bytes QUERY =
      Bytes.utf8(
          "SELECT database(),current_user(),user(),current_role(),@@system_time_zone,"
              + "@@tx_read_only,@@max_allowed_packet,@@wait_timeout,"
              + SettingDefaults.ALL.stream()
                  .map(setting -> "@@" + setting.name())
                  .collect(
                      Collectors.joining(
                          ",", "", ",@@tx_isolation,@@character_set_results LIMIT 1")));

  SettingsSnapshot {
    context = List.copyOf(context);
  }

  static SettingsSnapshot of(TextRows answer, int serverVersion) {
    List<Optional<Bytes>> row = answer.rows().get(0);
    List<Setting> context = new ArrayList<>();
    for (int i = 0; i < SettingDefaults.ALL.size(); i++) {
      Setting known = SettingDefaults.ALL.get(i);
      Setting found = new Setting(known.name(), literal(known, row, i));
      if (!SettingDefaults.isDefault(found)) {
        context.add(found);
      }
    }
    String sqlMode = text(row, FIXED);
    String charset = text(row, FIXED + 2);
    return new SettingsSnapshot(
        context,
        Dialect.of(sqlMode, serverVersion).withClientCharset(charset),
        text(row, 0),
        account(text(row, 1)),
        text(row, 2),
        row.get(3).map(Bytes::utf8),
        charset,
        sqlMode,
        text(row, 5).equals("1"),
        Long.parseLong(text(row, 6)),
        Duration.ofSeconds(Long.parseLong(text(row, 7))),
        Isolation.of(text(row, FIXED + SettingDefaults.ALL.size()))
            .orElse(Isolation.REPEATABLE_READ),
        new Setting(
            SettingDefaults.RESULTS.name(),
            row.get(FIXED + SettingDefaults.ALL.size() + 1)
                .map(name -> "'" + name.latin1() + "'")
                .orElse("NULL")));
  }

  /** What a stored program is written under that is made now. */
  StoredProcedure.Context ofPrograms() {
    String collation =
        Stream.concat(context.stream(), SettingDefaults.ALL.stream())
            .filter(setting -> setting.name().equals(COLLATION))
            .findFirst()
            .map(Setting::literal)
            .orElseThrow();
    return new StoredProcedure.Context(sqlMode, charset, collation.replace("'", ""));
  }

  /** What the texts of errors and warnings are in. */
  Charset messages() {
    return ClientCharset.ofMessages(results.literal());
  }

  /** The same as a collation of it. */
  int messagesCollation() {
    return messages().equals(StandardCharsets.UTF_8)
        ? Collations.UTF8MB4_GENERAL_CI
        : Collations.of(results.literal().replace("'", ""));
  }

  /** What decides how the rows of a read look, beside the context of a write. */
  List<Setting> contextOfRead(List<Setting> given) {
    if (results.equals(SettingDefaults.RESULTS)) {
      return given;
    }
    List<Setting> all = new ArrayList<>(given);
    all.add(results);
    return all;
  }

  private static String literal(Setting known, List<Optional<Bytes>> row, int index) {
    String value = text(row, FIXED + index);
    if (!known.literal().startsWith("'")) {
      return value;
    }
    if (known.name().equals("time_zone") && value.equals("SYSTEM") && UTC.contains(text(row, 4))) {
      return "'+00:00'";
    }
    Require.that(
        StandardCharsets.US_ASCII.newEncoder().canEncode(value) && value.indexOf('\\') < 0,
        "the value of " + known.name() + " is plain ASCII");
    return "'" + value.replace("'", "''") + "'";
  }

  private static String text(List<Optional<Bytes>> row, int index) {
    return row.get(index).map(Bytes::utf8).orElse("");
  }

  /** In a character set without it the sign is another, and so is all that would be read here. */
  private static Account account(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      throw new ClientErrorException(
          MySqlError.notSupported("a character_set_results in which ASCII is not itself"));
    }
    return new Account(text.substring(0, at), text.substring(at + 1));
  }
}
