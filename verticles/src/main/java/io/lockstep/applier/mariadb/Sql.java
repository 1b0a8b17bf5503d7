package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Writes values into SQL in forms that no {@code sql_mode} and no character set can misread. */
final class Sql {
  private Sql() {}

  /** Any text as a utf8mb4 literal. */
  static String text(String value) {
    return value.isEmpty()
        ? "_utf8mb4''"
        : "_utf8mb4 0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
  }

  static String bytes(Bytes value) {
    return value.length() == 0 ? "''" : "0x" + HexFormat.of().formatHex(value.view());
  }

  static String name(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }

  static String list(Collection<String> values) {
    return values.stream().map(Sql::text).collect(Collectors.joining(",", "(", ")"));
  }
}
