package io.lockstep.runtime.database;

import io.lockstep.runtime.config.DatabaseConfig;
import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.tls.TlsFiles;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the database that a configuration asks for. */
public final class DatabaseChoice {
  private DatabaseChoice() {}

  /**
   * Not started yet.
   *
   * @param progress told what takes long at a first start, one line each; called on a worker
   */
  public static NodeDatabase of(Vertx vertx, NodeConfig config, Consumer<String> progress) {
    return config
        .database()
        .fold(
            owned ->
                new OwnedDatabase(vertx, () -> binaries(owned, progress), settings(config, owned)),
            external -> new ExternalDatabase(vertx, () -> access(external)));
  }

  /** The Unix socket of the database, where the node owns it. */
  public static Optional<Path> ownedSocket(NodeConfig config) {
    return config
        .database()
        .fold(owned -> Optional.of(settings(config, owned).socket()), external -> Optional.empty());
  }

  private static ServerBinaries binaries(DatabaseConfig.Owned owned, Consumer<String> progress) {
    return owned
        .mariadbd()
        .map(ServerBinaries::at)
        .orElseGet(() -> EmbeddedBinaries.packaged(progress).unpacked());
  }

  private static OwnedSettings settings(NodeConfig config, DatabaseConfig.Owned owned) {
    return new OwnedSettings(
        config.databaseDirectory(),
        owned.host(),
        owned.port(),
        owned.gatewayNetworks(),
        owned.defaultsFile(),
        owned.binaryLog(),
        owned.bufferPoolMb(),
        owned.connectionsMax(),
        TlsFiles.of(config));
  }

  private static DatabaseAccess access(DatabaseConfig.External external) {
    return new DatabaseAccess(
        external.host(),
        external.port(),
        Optional.empty(),
        external.user(),
        external.password().read());
  }
}
