package io.lockstep.applier;

import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.model.Step;
import io.lockstep.sql.Dialect;
import java.util.List;
import java.util.stream.Stream;

/** How the text of an ordered statement is to be read, by the context that travels with it. */
public final class ContextDialect {
  private ContextDialect() {}

  /** The version is not this server's own but the oldest: every node must read the same. */
  public static Dialect of(Step.Statement statement) {
    List<Setting> context = statement.context();
    return Dialect.of(value(context, "sql_mode"), Dialect.SERVER_VERSION_MIN)
        .withClientCharset(value(context, "character_set_client"));
  }

  private static String value(List<Setting> context, String name) {
    return Stream.concat(context.stream(), SettingDefaults.ALL.stream())
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .map(setting -> setting.literal().replace("'", ""))
        .orElse("");
  }
}
