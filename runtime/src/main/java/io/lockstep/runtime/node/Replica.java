package io.lockstep.runtime.node;

import io.lockstep.applier.ReplicaDatabase;
import io.lockstep.applier.mariadb.MariaOptions;
import io.lockstep.applier.mariadb.MariaReplicaDatabase;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.runtime.database.DatabaseAccess;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** The applier's way to the node's own database. */
final class Replica {
  private Replica() {}

  /** By the Unix socket where there is one: it costs less than a TCP connection. */
  static ReplicaDatabase of(Vertx vertx, DatabaseAccess access, Consumer<List<Long>> makeWay) {
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
    return new MariaReplicaDatabase(
        vertx,
        vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true)),
        MariaOptions.of(BackendOptions.of(address, access.user(), credential)),
        makeWay);
  }

  private static SocketAddress tcp(DatabaseAccess access) {
    return SocketAddress.inetSocketAddress(access.port(), access.host());
  }
}
