package io.lockstep.runtime.node;

import io.lockstep.bus.Timers;
import io.lockstep.gateway.Connections;
import io.lockstep.gateway.GatewayConfig;
import io.lockstep.gateway.GatewayPorts;
import io.lockstep.gateway.GatewayVerticle;
import io.lockstep.gateway.Identity;
import io.lockstep.gateway.IntakeBounds;
import io.lockstep.gateway.Networks;
import io.lockstep.gateway.SequencerHint;
import io.lockstep.gateway.ServerFace;
import io.lockstep.gateway.WriteIntake;
import io.lockstep.gateway.accounts.DatabaseAccounts;
import io.lockstep.gateway.events.DatabaseEventRows;
import io.lockstep.gateway.locks.DatabaseLockRows;
import io.lockstep.http.CheckpointGathering;
import io.lockstep.http.HttpBounds;
import io.lockstep.http.HttpGateway;
import io.lockstep.http.HttpGatewayVerticle;
import io.lockstep.load.Endpoint;
import io.lockstep.load.Endpoints;
import io.lockstep.load.LoadAdvertiser;
import io.lockstep.load.LoadMeter;
import io.lockstep.load.MasterChooser;
import io.lockstep.load.ThisMachine;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.SessionId;
import io.lockstep.mysql.NativePassword;
import io.lockstep.runtime.config.HttpConfig;
import io.lockstep.runtime.config.MySqlConfig;
import io.lockstep.runtime.database.DatabaseAccess;
import io.lockstep.sql.MariaCatalogue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.function.Supplier;

/** What clients and other nodes see: adverts, the MySQL port, the HTTP port. */
final class FrontDoors {
  private static final Duration VERIFY_MAX = Duration.ofMinutes(30);

  private final Foundations on;
  private final Order order;
  private final Connections connections;
  private final MasterChooser masters;
  private final SelfView view;
  private final SequencerHint hint;

  FrontDoors(Foundations on, Order order) {
    this.on = on;
    this.order = order;
    this.connections = new Connections(on.self(), on.nodes());
    this.masters = new MasterChooser(on.self(), on.board());
    this.view = new SelfView(on, order, Version.current());
    this.hint =
        new SequencerNews(
            on.cluster().records(), order.watch(), on.cluster()::designated, on.nodes());
  }

  /** Completes when both ports listen. */
  Future<Void> open() {
    DivergenceWatch divergence =
        new DivergenceWatch(on.self(), on.nodes().size(), on.board(), on.health());
    on.board().onAdvert(divergence::heard);
    Context home = on.vertx().getOrCreateContext();
    on.cluster().membership().onGone(node -> home.runOnContext(now -> on.board().gone(node)));
    return on.board()
        .open(on.cluster().bus())
        .compose(
            heard ->
                on.admin()
                    .one(
                        "SELECT VERSION(), @@collation_server, @@global.proxy_protocol_networks,"
                            + " (SELECT ID FROM information_schema.COLLATIONS WHERE"
                            + " COLLATION_NAME = @@collation_server)"))
        .compose(this::open);
  }

  private Future<Void> open(Row server) {
    advertise(!server.getString(2).isEmpty());
    GatewayVerticle gateway = new GatewayVerticle(gatewayConfig(), ports(face(server)));
    return on.vertx()
        .deployVerticle(gateway)
        .compose(listening -> verification())
        .compose(
            verification ->
                on.vertx()
                    .deployVerticle(
                        new HttpGatewayVerticle(
                            () ->
                                new HttpGateway(
                                    on.vertx(),
                                    httpBounds(),
                                    gateway.statements(),
                                    view,
                                    on.board(),
                                    masters::recent,
                                    verification,
                                    on.meters()),
                            on.config().http().host(),
                            on.config().http().port())))
        .mapEmpty();
  }

  private static ServerFace face(Row server) {
    int collation = server.getInteger(3);
    return ServerFace.of(server.getString(0), collation < 256 ? collation : 45);
  }

  private void advertise(boolean proxyProtocol) {
    Timers timers = on.timers();
    LoadAdvertiser advertiser =
        new LoadAdvertiser(
            on.cluster().bus(),
            timers,
            on.self(),
            endpoints(proxyProtocol),
            new LoadMeter(timers, new ThisMachine(), on.admin(), connections::sessions),
            view);
    advertiser.start();
    on.health().onChange(() -> on.vertx().runOnContext(now -> advertiser.changed()));
  }

  private Endpoints endpoints(boolean proxyProtocol) {
    String host = on.config().self().host();
    return new Endpoints(
        new Endpoint(on.access().host(), on.access().port()),
        proxyProtocol,
        new Endpoint(host, on.config().mysql().port()),
        new Endpoint(host, on.config().http().port()));
  }

  private GatewayConfig gatewayConfig() {
    MySqlConfig mysql = on.config().mysql();
    return new GatewayConfig(
        mysql.host(),
        mysql.port(),
        mysql.sessionsMax(),
        mysql.handshakeTimeout(),
        mysql.idleTimeout(),
        mysql.packetMb() << 20,
        mysql.masterTimeout(),
        on.tls(),
        Networks.of(mysql.proxyProtocolNetworks()),
        mysql.transactions());
  }

  private GatewayPorts ports(ServerFace face) {
    Supplier<PatientQuestions> questions =
        () ->
            new PatientQuestions(
                new MariaCatalogue(on.admin().pool()),
                new DatabaseAccounts(on.admin().pool()),
                on.timers(),
                on.config().mysql().masterTimeout());
    return new GatewayPorts(
        on.self(),
        on.cluster().bus(),
        on.timers(),
        hint,
        questions::get,
        on.board(),
        masters,
        order.applier()::position,
        questions.get(),
        face,
        connections,
        new DatabaseLockRows(on.admin().pool()),
        order.applier()::locked,
        new DatabaseEventRows(on.admin().pool(), ZoneId.systemDefault()),
        own(),
        on.meters());
  }

  private Identity own() {
    DatabaseAccess access = on.access();
    return new Identity(
        new Account(access.user(), access.host()),
        access.user(),
        access.host(),
        access.password().isEmpty() ? Bytes.EMPTY : NativePassword.stage1(access.password()));
  }

  private HttpBounds httpBounds() {
    HttpConfig http = on.config().http();
    return new HttpBounds(
        http.bodyMb() << 20,
        http.rowsMax(),
        HttpBounds.DEFAULT.statementsMax(),
        http.requestTimeout(),
        VERIFY_MAX);
  }

  private Future<CheckpointGathering> verification() {
    SecureRandom random = new SecureRandom();
    WriteIntake intake =
        new WriteIntake(on.cluster().bus(), on.timers(), hint, IntakeBounds.DEFAULT);
    CheckpointGathering gathering =
        new CheckpointGathering(
            on.self(),
            on.cluster().bus(),
            on.timers(),
            on.board(),
            () -> SessionId.ofConnection(random.nextLong(), random.nextLong()),
            () -> order.applier().position().seq(),
            intake::submit);
    return intake.start().compose(hearing -> gathering.start()).map(gathering);
  }
}
