package io.lockstep.gateway;

import io.lockstep.bus.VertxBus;
import io.lockstep.bus.VertxTimers;
import io.lockstep.gateway.accounts.DatabaseAccounts;
import io.lockstep.gateway.events.DatabaseEventRows;
import io.lockstep.gateway.locks.LockRow;
import io.lockstep.gateway.locks.LockRows;
import io.lockstep.gateway.locks.TableLock;
import io.lockstep.load.Endpoint;
import io.lockstep.load.Endpoints;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.LoadFigures;
import io.lockstep.load.MasterChooser;
import io.lockstep.load.Progress;
import io.lockstep.load.Standing;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.ServerTls;
import io.lockstep.sql.MariaCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A gateway in front of one database, for trying it by hand: port of the database, own port, and
 * for TLS a certificate and its key. It believes the PROXY headers of this machine.
 */
final class LoneNode {
  private static final NodeId N1 = new NodeId("n1");

  private LoneNode() {}

  public static void main(String[] arguments) {
    int database = Integer.parseInt(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    Vertx vertx = Vertx.vertx();
    TlsPolicy tls =
        arguments.length < 4
            ? TlsPolicy.DISABLED
            : new TlsPolicy(
                Optional.of(ServerTls.of(Path.of(arguments[2]), Path.of(arguments[3]))), false);
    GatewayConfig config =
        GatewayConfig.DEFAULT
            .listeningOn("127.0.0.1", port)
            .withTls(tls)
            .withProxies(Networks.of(List.of("127.0.0.0/8")));
    vertx.runOnContext(
        started -> start(vertx, database, config).onFailure(Throwable::printStackTrace));
  }

  static Future<?> start(Vertx vertx, int database, GatewayConfig config) {
    int port = config.port();
    VertxBus bus = VertxBus.on(vertx, N1);
    VertxTimers timers = new VertxTimers(vertx);
    LoadBoard board = new LoadBoard(timers);
    BackendOptions root =
        BackendOptions.of(
            SocketAddress.inetSocketAddress(database, "127.0.0.1"),
            "root",
            new BackendCredential.None());
    return BackendConnection.connect(vertx, vertx.createNetClient(), root)
        .compose(
            writer ->
                BackendConnection.connect(vertx, vertx.createNetClient(), root)
                    .compose(
                        admin -> {
                          LoneOrder order = new LoneOrder(N1, bus, writer);
                          advertise(vertx, board, order, database, port, 1);
                          return order
                              .start()
                              .compose(
                                  on ->
                                      vertx.deployVerticle(
                                          new GatewayVerticle(
                                              config,
                                              ports(
                                                  vertx, bus, timers, board, order, admin,
                                                  database))));
                        }));
  }

  private static GatewayPorts ports(
      Vertx vertx,
      VertxBus bus,
      VertxTimers timers,
      LoadBoard board,
      LoneOrder order,
      BackendConnection admin,
      int database) {
    Pool pool =
        MySQLBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(
                new MySQLConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(database)
                    .setUser("root")
                    .setDatabase("information_schema"))
            .using(vertx)
            .build();
    SequencerHint hint =
        new SequencerHint() {
          @Override
          public Optional<NodeId> designated() {
            return sequencer();
          }

          @Override
          public Optional<NodeId> sequencer() {
            return Optional.of(N1);
          }

          @Override
          public List<NodeId> nodes() {
            return List.of(N1);
          }
        };
    return new GatewayPorts(
        N1,
        bus,
        timers,
        hint,
        () -> new MariaCatalogue(pool),
        board,
        new MasterChooser(N1, board),
        order::position,
        new DatabaseAccounts(pool),
        new ServerFace(admin.greeting().serverVersion(), 45),
        new Connections(N1, List.of(N1)),
        new NoLocks(),
        () -> Seq.NONE,
        new DatabaseEventRows(pool, ZoneOffset.UTC),
        new Identity(new Account("root", "127.0.0.1"), "root", "127.0.0.1", Bytes.EMPTY),
        new SimpleMeterRegistry());
  }

  private static void advertise(
      Vertx vertx, LoadBoard board, LoneOrder order, int database, int port, long count) {
    Endpoint here = new Endpoint("127.0.0.1", port);
    board.heard(
        new LoadAdvert(
            N1,
            count,
            new Endpoints(new Endpoint("127.0.0.1", database), true, here, here),
            new LoadFigures(0.1, 2, 1, 100, 0, 1L << 30),
            Progress.of(true, Term.NONE, order.position().seq(), order.position().seq()),
            Standing.SERVING,
            List.of()));
    vertx.setTimer(500, again -> advertise(vertx, board, order, database, port, count + 1));
  }

  /** Its database has no tables of Lockstep's own. */
  private static final class NoLocks implements LockRows {
    @Override
    public Future<List<LockRow>> read() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<List<TableLock>> tables() {
      return Future.succeededFuture(List.of());
    }
  }
}
