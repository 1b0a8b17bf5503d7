package io.lockstep.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The one database of this node. */
public sealed interface DatabaseConfig {
  /** The address where every node's gateway reaches this database. */
  String host();

  int port();

  /** Exactly one of the two is called. */
  <T> T fold(Function<Owned, T> onOwned, Function<External, T> onExternal);

  /**
   * A server that the node installs, starts, watches and stops.
   *
   * @param mariadbd the server program; absent for the packaged one
   * @param defaultsFile an option file; what Lockstep requires wins over it
   * @param gatewayNetworks from where the PROXY protocol is believed: all hosts with a gateway
   * @param binaryLog whether it keeps a row-format binary log
   * @param bufferPoolMb InnoDB's buffer pool in MiB, unless {@code defaultsFile} sets it
   * @param connectionsMax connections at once, unless {@code defaultsFile} sets it
   */
  record Owned(
      Optional<Path> mariadbd,
      Optional<Path> defaultsFile,
      String host,
      int port,
      List<String> gatewayNetworks,
      boolean binaryLog,
      int bufferPoolMb,
      int connectionsMax)
      implements DatabaseConfig {
    public static final Owned DEFAULT =
        new Owned(
            Optional.empty(),
            Optional.empty(),
            "127.0.0.1",
            3307,
            List.of("127.0.0.1", "::1", "localhost"),
            true,
            128,
            2_500);

    public Owned {
      gatewayNetworks = List.copyOf(gatewayNetworks);
    }

    @Override
    public <T> T fold(Function<Owned, T> onOwned, Function<External, T> onExternal) {
      return onOwned.apply(this);
    }

    static Owned read(ConfigSection section) {
      return new Owned(
          section.optionalPath("mariadbd"),
          section.optionalPath("defaults-file"),
          section.text("host", DEFAULT.host),
          section.port("port", DEFAULT.port),
          section.texts("gateway-networks", DEFAULT.gatewayNetworks),
          section.flag("binary-log", DEFAULT.binaryLog),
          (int) section.number("buffer-pool-mb", DEFAULT.bufferPoolMb, 5, 4 << 20),
          (int) section.number("connections-max", DEFAULT.connectionsMax, 10, 100_000));
    }
  }

  /**
   * A server that somebody else runs. The node checks it at its start.
   *
   * @param user an account with all privileges
   * @param password from a file or the environment; empty for none
   */
  record External(String host, int port, String user, Secret password) implements DatabaseConfig {
    public static final External DEFAULT = new External("127.0.0.1", 3307, "lockstep", Secret.NONE);

    @Override
    public <T> T fold(Function<Owned, T> onOwned, Function<External, T> onExternal) {
      return onExternal.apply(this);
    }

    static External read(ConfigSection section) {
      return new External(
          section.text("host", DEFAULT.host),
          section.port("port", DEFAULT.port),
          section.text("user", DEFAULT.user),
          Secret.from(section.optionalPath("password-file"), section.optionalText("password-env")));
    }
  }

  /** Both parts are read, so that a mistake in the unused one is found as well. */
  static DatabaseConfig read(ConfigSection section) {
    var kind = section.word("kind", "owned", List.of("owned", "external"));
    var owned = section.section("owned", Owned::read);
    var external = section.section("external", External::read);
    return kind.equals("owned") ? owned : external;
  }
}
