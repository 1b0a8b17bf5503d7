package io.lockstep.gateway.grants;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything one session's account may do by its grants: its own, its enabled roles' and those of
 * PUBLIC. Privileges on single columns do not count.
 */
public final class Grants {
  private static final Pattern ANY_PROXY =
      Pattern.compile("GRANT PROXY ON ([`'\"])\\1@([`'\"])%\\2 TO .* WITH GRANT OPTION");

  private final List<Grant> grants;
  private final boolean anyProxy;

  private Grants(List<Grant> grants, boolean anyProxy) {
    this.grants = grants;
    this.anyProxy = anyProxy;
  }

  /** Reads the rows of {@code SHOW GRANTS} as the account itself sees them. */
  public static Grants parse(List<String> lines) {
    return new Grants(
        lines.stream().flatMap(line -> Grant.parse(line).stream()).toList(),
        lines.stream().anyMatch(line -> ANY_PROXY.matcher(line).matches()));
  }

  /** Whether anyone may be made a proxy of anyone; no other privilege includes that. */
  public boolean mayGrantProxy() {
    return anyProxy;
  }

  /** Whether the privilege is held on everything. */
  public boolean global(String privilege) {
    return grants.stream()
        .anyMatch(grant -> grant.level() == Grant.Level.GLOBAL && grant.holds(privilege));
  }

  /** Whether the privilege is held on a whole schema. */
  public boolean schema(String privilege, String schema) {
    return grants.stream().anyMatch(grant -> grant.coversSchema(schema) && grant.holds(privilege));
  }

  /** Whether the privilege is held on a table or view, by whatever level. */
  public boolean table(String privilege, String schema, String table) {
    return schema(privilege, schema) || object(Grant.Level.TABLE, privilege, schema, table);
  }

  /** Whether the privilege is held on a routine; routine names ignore case. */
  public boolean routine(String privilege, String schema, String routine) {
    return schema(privilege, schema)
        || grants.stream()
            .anyMatch(
                grant ->
                    grant.level() == Grant.Level.ROUTINE
                        && grant.schema().equals(schema)
                        && grant.object().equalsIgnoreCase(routine)
                        && grant.holds(privilege));
  }

  /** Whether any privilege at all is held on the schema or on something in it. */
  public boolean knows(String schema) {
    return grants.stream()
        .filter(grant -> !grant.privileges().equals(Set.of("USAGE")))
        .anyMatch(grant -> grant.coversSchema(schema) || grant.schema().equals(schema));
  }

  /** Whether every one of {@code privileges} may be passed on for the level that is meant. */
  public boolean mayGrant(Set<String> privileges, GrantTarget target) {
    return privileges.stream()
            .allMatch(
                privilege -> grants.stream().anyMatch(g -> target.covers(g) && g.holds(privilege)))
        && grants.stream().anyMatch(grant -> target.covers(grant) && grant.grantOption());
  }

  private boolean object(Grant.Level level, String privilege, String schema, String name) {
    return grants.stream()
        .anyMatch(grant -> grant.coversObject(level, schema, name) && grant.holds(privilege));
  }
}
