package io.lockstep.runtime.node;

import io.lockstep.applier.ReplicaDatabase;
import io.lockstep.applier.mariadb.MariaOptions;
import io.lockstep.applier.mariadb.MariaReplicaDatabase;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.BackendSockets;
import io.lockstep.runtime.database.DatabaseAccess;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** The applier's way to the node's own database, and the way of those who capture rows there. */
final class Replica {
  private Replica() {}

  static ReplicaDatabase of(Vertx vertx, DatabaseAccess access, Consumer<List<Long>> makeWay) {
    return new MariaReplicaDatabase(
        vertx,
        vertx.createNetClient(BackendSockets.options()),
        MariaOptions.of(backend(vertx, access)),
        makeWay);
  }

  /** By the Unix socket where there is one: it costs less than a TCP connection. */
  static BackendOptions backend(Vertx vertx, DatabaseAccess access) {
    SocketAddress address =
        vertx.isNativeTransportEnabled()
            ? access
                .socket()
                .map(path -> SocketAddress.domainSocketAddress(path.toString()))
                .orElseGet(() -> tcp(access))
            : tcp(access);
    BackendCredential credential =
        access.password().isEmpty()
            ? new BackendCredential.None()
            : new BackendCredential.Cleartext(access.password());
    return BackendOptions.of(address, access.user(), credential);
  }

  private static SocketAddress tcp(DatabaseAccess access) {
    return SocketAddress.inetSocketAddress(access.port(), access.host());
  }
}
