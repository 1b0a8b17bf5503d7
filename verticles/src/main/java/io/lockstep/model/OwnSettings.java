package io.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The settings that hold for one statement only: they go into its own {@code SET STATEMENT … FOR}
 * (MariaDB Knowledge Base, SET STATEMENT), which costs no round trip and cannot outlive it.
 */
public final class OwnSettings {
  private static final Set<String> NAMES =
      Set.of(
          "timestamp",
          "rand_seed1",
          "rand_seed2",
          "insert_id",
          "last_insert_id",
          "pseudo_thread_id");

  /** Needs BINLOG REPLAY (MariaDB Knowledge Base, pseudo_thread_id). */
  private static final String PRIVILEGED = "pseudo_thread_id";

  /** MariaDB Knowledge Base, innodb_lock_wait_timeout: 0 is as NOWAIT. */
  private static final String WITHOUT_WAITING = "innodb_lock_wait_timeout=0";

  private OwnSettings() {}

  /** Whether the setting of this name, in any case, holds for one statement only. */
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** As {@link #text}, for an account that may not pretend to be another connection. */
  public static Bytes textForAnyone(Step.Statement statement, OptionalLong insertId) {
    return text(allowed(statement), statement.sql(), insertId, List.of());
  }

  /** The same, failing with 1205 where it would have to wait for a row's lock. */
  public static Bytes textWithoutWaiting(Step.Statement statement, OptionalLong insertId) {
    return text(allowed(statement), statement.sql(), insertId, List.of(WITHOUT_WAITING));
  }

  private static List<Setting> allowed(Step.Statement statement) {
    return statement.context().stream()
        .filter(setting -> !setting.name().equals(PRIVILEGED))
        .toList();
  }

  /** The statement's text with the settings that hold for it alone. */
  public static Bytes text(Step.Statement statement, OptionalLong insertId) {
    return text(statement.context(), statement.sql(), insertId, List.of());
  }

  private static Bytes text(
      List<Setting> context, Bytes sql, OptionalLong insertId, List<String> more) {
    List<String> own = new ArrayList<>(more);
    for (Setting setting : context) {
      if (contains(setting.name())) {
        own.add(setting.name() + "=" + setting.literal());
      }
    }
    insertId.ifPresent(id -> own.add("insert_id=" + id));
    if (own.isEmpty()) {
      return sql;
    }
    byte[] prefix = Bytes.ofLatin1("SET STATEMENT " + String.join(",", own) + " FOR ").view();
    byte[] whole = new byte[prefix.length + sql.length()];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(sql.view(), 0, whole, prefix.length, sql.length());
    return Bytes.owning(whole);
  }
}
