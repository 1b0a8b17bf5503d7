package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.events.EventScheduler;
import io.vertx.core.Context;
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
    Context home = context;
    ports.board().onGone(node -> home.runOnContext(now -> parts.intake().gone(node)));
    ports
        .sequencer()
        .onChange(record -> home.runOnContext(now -> parts.intake().sequencedBy(record)));
    return parts
        .intake()
        .start()
        .compose(hearing -> ports.bus().hear(Addresses.IN_THE_WAY, parts.branches()::makeWay))
        .compose(hearing -> ports.bus().hear(Addresses.HANDED_OVER, parts.handedOver()::hear))
        .compose(hearing -> parts.sessions().start())
        .compose(answering -> new LocalProcedures(parts).start())
        .compose(hearing -> server.connectHandler(gateway::accept).listen())
        .onSuccess(
            listening -> {
              parts.locks().start();
              events(parts).start();
            });
  }

  private EventScheduler events(SessionParts parts) {
    return new EventScheduler(
        new EventScheduler.Ports(
            ports.timers(),
            this::leads,
            ports.position(),
            ports.events(),
            new OrderedEvents(ports, parts.intake(), parts.random()),
            event -> new EventRun(parts, event).run()),
        ports.meters());
  }

  /** Whether this node is believed to sequence, and its database can be used. */
  private boolean leads() {
    return ports.sequencer().sequencer().filter(ports.self()::equals).isPresent()
        && ports.board().of(ports.self()).filter(advert -> advert.standing().serving()).isPresent();
  }

  /** Single statements for other front doors; once this gateway is deployed, on any thread. */
  public StatementService statements() {
    return statements.orElseThrow(() -> new IllegalStateException("the gateway is not deployed"));
  }
}
