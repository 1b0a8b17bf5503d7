package io.lockstep.gateway;

import io.lockstep.load.Endpoints;
import io.lockstep.model.NodeId;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.ProxyHeader;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How a client's session shows itself to a database: as the client's own user, with the client's
 * own flags and address.
 *
 * @param capabilities of the client; the gateway itself takes several statements apart
 * @param collation that the session begins with
 * @param port the client's own port, 0 if it is not known
 * @param only the one node whose database this is for, when no client is behind it
 */
record BackendFace(
    Identity identity, long capabilities, int collation, int port, Optional<NodeId> only) {
  static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);

  BackendFace(Identity identity, long capabilities, int collation, int port) {
    this(identity, capabilities, collation, port, Optional.empty());
  }

  /** Of Lockstep itself, at its own node's database, where its account is. */
  static BackendFace own(Identity identity, long capabilities, int collation, NodeId self) {
    return new BackendFace(identity, capabilities, collation, 0, Optional.of(self));
  }

  BackendOptions options(Endpoints to, Optional<String> schema) {
    BackendCredential credential =
        identity.stage1().length() == 0
            ? new BackendCredential.None()
            : new BackendCredential.Stage1(identity.stage1());
    BackendOptions options =
        BackendOptions.of(
                SocketAddress.inetSocketAddress(to.database().port(), to.database().host()),
                identity.user(),
                credential)
            .withDatabase(schema)
            .withCapabilities(
                (capabilities | Capabilities.MULTI_RESULTS) & ~Capabilities.MULTI_STATEMENTS)
            .withCollation(collation)
            .withTls(identity.tlsOnly())
            .withTimeout(CONNECT_WITHIN);
    return to.proxyProtocol() && only.isEmpty() ? options.withProxy(proxy(to)) : options;
  }

  private ProxyHeader proxy(Endpoints to) {
    return new ProxyHeader(
        identity.address(), port, loopback(identity.address()), to.database().port());
  }

  /** The address the client seems to connect to; the database looks at the source only. */
  private static String loopback(String source) {
    return source.indexOf(':') >= 0 ? "::1" : "127.0.0.1";
  }
}
