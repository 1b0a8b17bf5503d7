package io.lockstep.gateway.grants;

/**
 * What a GRANT or REVOKE is about.
 *
 * @param schema empty for everything; a pattern as written where the whole schema is meant
 * @param object empty for the whole schema
 * @param routine whether the object is a routine
 */
public record GrantTarget(String schema, String object, boolean routine) {
  public static final GrantTarget EVERYTHING = new GrantTarget("", "", false);

  boolean covers(Grant grant) {
    return switch (grant.level()) {
      case GLOBAL -> true;
      case SCHEMA ->
          !schema.isEmpty()
              && (object.isEmpty()
                  ? grant.schema().equals(schema)
                  : SchemaPattern.matches(grant.schema(), schema));
      case TABLE -> !routine && grant.schema().equals(schema) && grant.object().equals(object);
      case ROUTINE ->
          routine && grant.schema().equals(schema) && grant.object().equalsIgnoreCase(object);
    };
  }
}
