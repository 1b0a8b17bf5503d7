package io.lockstep.runtime.database;

import io.lockstep.model.Require;
import io.lockstep.runtime.tls.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the node decides about the database that it starts.
 *
 * @param home the folder that holds everything of this database; no two nodes share one
 * @param host the address it listens on, and where the gateways of all nodes reach it
 * @param gatewayNetworks from where the PROXY protocol is believed: addresses, networks, or the
 *     word {@code localhost} for the socket
 * @param defaultsFile an option file of the operator's; what Lockstep requires is set after it
 * @param binaryLog whether the server keeps a row-format binary log, as row capture needs it
 * @param bufferPoolMb InnoDB's buffer pool in MiB, unless {@code defaultsFile} sets it
 * @param connectionsMax connections at once, unless {@code defaultsFile} sets it
 * @param tls what the server proves itself with, unless {@code defaultsFile} sets it; nothing for a
 *     server without TLS
 */
public record OwnedSettings(
    Path home,
    String host,
    int port,
    List<String> gatewayNetworks,
    Optional<Path> defaultsFile,
    boolean binaryLog,
    int bufferPoolMb,
    int connectionsMax,
    Optional<TlsFiles> tls) {
  /** A socket's path must fit into 108 bytes with its end mark (unix(7)). */
  private static final int SOCKET_PATH_BYTES_MAX = 100;

  public OwnedSettings {
    home = home.toAbsolutePath().normalize();
    gatewayNetworks = List.copyOf(gatewayNetworks);
    Require.that(port > 0 && port < 65_536, "a database port is 1..65535, was " + port);
    Require.that(bufferPoolMb > 0, "a buffer pool has a size");
    Require.that(connectionsMax > 0, "a database accepts connections");
  }

  Path dataDir() {
    return home.resolve("data");
  }

  /**
   * For temporary tables, never shared: a server that starts deletes all it finds there, which
   * would take them from another one's running statements.
   */
  Path temporaryDir() {
    return home.resolve("tmp");
  }

  Path pidFile() {
    return home.resolve("mariadbd.pid");
  }

  Path logFile() {
    return home.resolve("mariadbd.log");
  }

  Path installLogFile() {
    return home.resolve("install.log");
  }

  Path passwordFile() {
    return home.resolve("password");
  }

  /** In the home, or in the temporary folder under a name of its own when that path is too long. */
  public Path socket() {
    var near = home.resolve("mariadbd.sock");
    var bytes = near.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= SOCKET_PATH_BYTES_MAX) {
      return near;
    }
    var name = HexFormat.of().toHexDigits(home.toString().hashCode());
    return Path.of(System.getProperty("java.io.tmpdir"), "lockstep-" + port + "-" + name + ".sock");
  }
}
