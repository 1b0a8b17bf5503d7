package io.lockstep.gateway.grants;

import io.lockstep.model.MySqlError;
import io.lockstep.sql.DefinedObject;

/** The server's own words for a lack of privileges. */
final class Denials {
  private final String user;

  /** {@code user} is what {@code USER()} answers. */
  Denials(String user) {
    int at = user.lastIndexOf('@');
    this.user =
        at < 0
            ? "'" + user + "'"
            : "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
  }

  MySqlError table(String privilege, DefinedObject object) {
    return new MySqlError(
        1142,
        "42000",
        privilege
            + " command denied to user "
            + user
            + " for table `"
            + object.schema()
            + "`.`"
            + object.name()
            + "`");
  }

  MySqlError schema(String schema) {
    return new MySqlError(
        1044, "42000", "Access denied for user " + user + " to database '" + schema + "'");
  }

  MySqlError routine(String privilege, DefinedObject routine) {
    return new MySqlError(
        1370,
        "42000",
        privilege
            + " command denied to user "
            + user
            + " for routine '"
            + routine.schema()
            + "."
            + routine.name()
            + "'");
  }

  MySqlError global(String privileges) {
    return new MySqlError(
        1227,
        "42000",
        "Access denied; you need (at least one of) the "
            + privileges
            + " privilege(s) for this operation");
  }

  /** ER_ACCESS_DENIED_ERROR, as for grants on everything. */
  MySqlError account() {
    return new MySqlError(
        1045, "28000", "Access denied for user " + user + " (using password: YES)");
  }

  MySqlError password() {
    return new MySqlError(1044, "42000", "Access denied for user " + user + " to database 'mysql'");
  }

  /** ER_ACCESS_DENIED_NO_PASSWORD_ERROR, as for GRANT PROXY. */
  MySqlError proxy() {
    return new MySqlError(1698, "28000", "Access denied for user " + user);
  }
}
