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

  private OwnSettings() {}

  /** Whether the setting of this name, in any case, holds for one statement only. */
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The statement's text with the settings that hold for it alone. */
  public static Bytes text(Step.Statement statement, OptionalLong insertId) {
    List<String> own = new ArrayList<>();
    for (Setting setting : statement.context()) {
      if (contains(setting.name())) {
        own.add(setting.name() + "=" + setting.literal());
      }
    }
    insertId.ifPresent(id -> own.add("insert_id=" + id));
    if (own.isEmpty()) {
      return statement.sql();
    }
    byte[] prefix = Bytes.ofLatin1("SET STATEMENT " + String.join(",", own) + " FOR ").view();
    byte[] whole = new byte[prefix.length + statement.sql().length()];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(statement.sql().view(), 0, whole, prefix.length, statement.sql().length());
    return Bytes.owning(whole);
  }
}
