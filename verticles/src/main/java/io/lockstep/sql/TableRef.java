package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.Optional;

/**
 * A table as a statement names it.
 *
 * @param schema as written, empty where the default schema is meant
 * @param written whether the statement changes it
 */
public record TableRef(Optional<String> schema, String name, boolean written) {
  /** The full name, or nothing where neither the statement nor the session names a schema. */
  public Optional<TableName> in(String defaultSchema) {
    String owner = schema.orElse(defaultSchema);
    return owner.isEmpty() || name.isEmpty()
        ? Optional.empty()
        : Optional.of(new TableName(owner, name));
  }
}
