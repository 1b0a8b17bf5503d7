package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.gateway.accounts.AccountDirectory;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Listens on the MySQL port. Several may be deployed on one node: each serves its share of the
 * clients on its own event loop.
 */
public final class GatewayVerticle extends VerticleBase {
  private final GatewayConfig config;
  private final GatewayPorts ports;
  private Optional<StatementService> statements = Optional.empty();

  public GatewayVerticle(GatewayConfig config, GatewayPorts ports) {
    this.config = config;
    this.ports = ports;
  }

  @Override
  public Future<?> start() {
    SecureRandom secure = new SecureRandom();
    SessionParts parts = SessionParts.of(vertx, config, ports, secure);
    AccountDirectory accounts = new AccountDirectory(ports.accounts(), ports.position());
    Gateway gateway = new Gateway(parts, accounts, secure);
    statements = Optional.of(new Statements(parts, accounts, context));
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setTcpNoDelay(true)
                .setReuseAddress(true));
    return parts
        .intake()
        .start()
        .compose(hearing -> ports.bus().hear(Addresses.IN_THE_WAY, parts.branches()::makeWay))
        .compose(hearing -> parts.sessions().start())
        .compose(hearing -> server.connectHandler(gateway::accept).listen())
        .onSuccess(listening -> parts.locks().start());
  }

  /** Single statements for other front doors; once this gateway is deployed, on any thread. */
  public StatementService statements() {
    return statements.orElseThrow(() -> new IllegalStateException("the gateway is not deployed"));
  }
}
