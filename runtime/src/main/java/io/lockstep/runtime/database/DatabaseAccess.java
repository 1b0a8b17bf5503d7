package io.lockstep.runtime.database;

import io.lockstep.model.Require;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How Lockstep itself reaches its node's database. Clients of Lockstep never see this account.
 *
 * @param socket the Unix socket, where the database is on this machine
 */
public record DatabaseAccess(
    String host, int port, Optional<Path> socket, String user, String password) {
  public DatabaseAccess {
    Require.that(!host.isEmpty(), "a database has a host");
    Require.that(port > 0 && port < 65_536, "a database port is 1..65535, was " + port);
    Require.that(!user.isEmpty(), "a database account has a name");
  }

  /** Leaves the password out, since accesses end up in logs. */
  @Override
  public String toString() {
    return user + "@" + host + ":" + port;
  }
}
