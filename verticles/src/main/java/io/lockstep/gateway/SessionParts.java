package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.locks.TableLocks;
import io.lockstep.gateway.locks.UserLocks;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendSockets;
import io.lockstep.sql.Catalogue;
import io.lockstep.sql.Determinism;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Reaches;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What the sessions of one gateway share; lives on the gateway's context. */
record SessionParts(
    GatewayConfig config,
    GatewayPorts ports,
    Vertx vertx,
    NetClient net,
    WriteIntake intake,
    WritePlanner planner,
    Reaches reaches,
    Catalogue catalogue,
    KnownSequences sequences,
    PrivilegeGate gate,
    MasterProgress progress,
    ClusterSessions sessions,
    StrongReads strong,
    Handover handover,
    HandedOverRows handedOver,
    MeetingPlace meeting,
    UserLocks locks,
    TableLocks tables,
    OrderedTableLocks tableOrder,
    GatewayMetrics metrics,
    Branches branches,
    PlainTables plain,
    ContendedIds contended,
    RandomGenerator random) {
  /** Wires a gateway's parts; the intake has yet to be started. */
  static SessionParts of(
      Vertx vertx, GatewayConfig config, GatewayPorts ports, RandomGenerator random) {
    MasterProgress progress = new MasterProgress(ports.bus(), ports.board(), ports.timers());
    StrongReads strong =
        new StrongReads(
            new LogHead(ports.bus(), ports.timers(), ports.sequencer()), progress, ports.timers());
    PrivilegeGate gate = new PrivilegeGate();
    Catalogue catalogue = ports.catalogues().get();
    Reaches reaches = new Reaches(catalogue);
    WriteIntake intake =
        new WriteIntake(ports.bus(), ports.timers(), ports.sequencer(), IntakeBounds.DEFAULT);
    Handover handover = Handover.over(ports.bus(), ports.timers());
    Branches branches = new Branches();
    return new SessionParts(
        config,
        ports,
        vertx,
        vertx.createNetClient(BackendSockets.options()),
        intake,
        new WritePlanner(
            ports,
            new Determinism(catalogue, random),
            gate,
            intake::defined,
            progress,
            strong,
            new WriteContext(ports.timers(), random),
            reaches),
        reaches,
        catalogue,
        new KnownSequences(catalogue),
        gate,
        progress,
        new ClusterSessions(ports.self(), ports.bus(), ports.sequencer(), ports.connections()),
        strong,
        handover,
        new HandedOverRows(ports.bus(), ports.timers(), branches, handover::reached),
        new MeetingPlace(config.transactions(), ports.sequencer(), ports.timers()),
        locks(ports, intake, random),
        new TableLocks(ports.locks(), ports.timers(), ports.locked()),
        new OrderedTableLocks(ports, intake, random),
        new GatewayMetrics(ports.meters(), ports.timers()),
        branches,
        new PlainTables(),
        new ContendedIds(ports.timers()),
        random);
  }

  UpToDateAccounts upToDate(AccountDirectory accounts) {
    return new UpToDateAccounts(accounts, ports.timers(), this::upToDate);
  }

  /** When everything acknowledged so far, wherever that was, is applied at this node. */
  Future<Seq> upToDate() {
    return strong.ready(this::self);
  }

  /**
   * What a statement of a session's transaction reads, changes or locks, by the definitions that
   * this node knows.
   */
  Future<Reach> reach(Session session, Statement statement) {
    return planner
        .position(session)
        .compose(
            now -> {
              session.transaction().plannedAt(now);
              return reaches.of(statement, session.state().schema(), now.definitionsSeq());
            });
  }

  /** The same of a read that names these tables, for which nothing but functions matters. */
  Future<Reach> reachOfRead(Session session, Statement statement, Set<TableName> named) {
    return planner
        .position(session)
        .compose(
            now -> {
              Seq definitions = now.definitionsSeq();
              return plain.are(named, definitions)
                  ? Future.succeededFuture(Reach.of(named))
                  : reaches
                      .of(statement, session.state().schema(), definitions)
                      .map(reach -> reach.anything() ? reach : plain(named, definitions));
            });
  }

  private Reach plain(Set<TableName> named, Seq at) {
    plain.learn(named, at);
    return Reach.of(named);
  }

  /** Whether a statement, or a view of it, calls what may write: a stored function, a sequence. */
  Future<Boolean> callsBehindViews(Session session, Facts facts) {
    return planner
        .position(session)
        .compose(now -> reaches.of(facts, session.state().schema(), now.definitionsSeq()))
        .map(reach -> reach.anything() || reach.calls().contains(FunctionKind.SEQUENCE));
  }

  /** When every write that has its place by now is applied at the node. */
  Future<Seq> settledAt(NodeId node) {
    boolean sequences = ports.sequencer().sequencer().filter(node::equals).isPresent();
    return sequences ? handover.reached(node) : strong.ready(() -> Future.succeededFuture(node));
  }

  private Future<NodeId> self() {
    return Future.succeededFuture(ports.self());
  }

  /** Named anew with every start, so that locks of an earlier life are nobody's. */
  private static UserLocks locks(GatewayPorts ports, WriteIntake intake, RandomGenerator random) {
    return new UserLocks(
        ports.self().name() + "/" + Long.toHexString(random.nextLong()),
        new OrderedLocks(ports, intake, random),
        ports.locks(),
        ports.timers(),
        id -> ports.connections().find(Math.abs(id)).ifPresent(session -> session.kill(false)));
  }
}
