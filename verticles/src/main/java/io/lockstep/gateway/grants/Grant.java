package io.lockstep.gateway.grants;

import java.util.Optional;
import java.util.Set;

/**
 * One line of {@code SHOW GRANTS}.
 *
 * @param level what it is granted on
 * @param schema the schema, as a pattern with {@code %} and {@code _} where the level is SCHEMA
 * @param object the table or routine, empty for the other levels
 * @param privileges in upper case; {@link #ALL} stands for every one of the level
 * @param grantOption whether they may be passed on
 */
record Grant(
    Level level, String schema, String object, Set<String> privileges, boolean grantOption) {
  static final String ALL = "ALL PRIVILEGES";

  /** What a privilege is granted on. */
  enum Level {
    GLOBAL,
    SCHEMA,
    TABLE,
    ROUTINE
  }

  Grant {
    privileges = Set.copyOf(privileges);
  }

  /** Reads a line; empty for one that grants a role, a proxy or a default role. */
  static Optional<Grant> parse(String line) {
    return new GrantLine(line).parse();
  }

  boolean holds(String privilege) {
    return privileges.contains(ALL) || privileges.contains(privilege);
  }

  boolean coversSchema(String name) {
    return level == Level.GLOBAL || (level == Level.SCHEMA && SchemaPattern.matches(schema, name));
  }

  boolean coversObject(Level kind, String inSchema, String name) {
    return level == kind && schema.equals(inSchema) && object.equals(name);
  }
}
