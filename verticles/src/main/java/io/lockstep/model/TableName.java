package io.lockstep.model;

/** A table by schema and name, both exactly as the database stores them. */
public record TableName(String schema, String table) {
  public TableName {
    Require.that(!schema.isEmpty() && !table.isEmpty(), "a table has a schema and a name");
  }

  /** The name quoted for SQL. */
  public String quoted() {
    return "`" + schema.replace("`", "``") + "`.`" + table.replace("`", "``") + "`";
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}
