package io.lockstep.gateway;

import io.lockstep.sql.Determinism;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.random.RandomGenerator;

/** What the sessions of one gateway share; lives on the gateway's context. */
record SessionParts(
    GatewayConfig config,
    GatewayPorts ports,
    Vertx vertx,
    NetClient net,
    WriteIntake intake,
    WritePlanner planner,
    PrivilegeGate gate,
    MasterProgress progress,
    ClusterSessions sessions,
    StrongReads strong,
    GatewayMetrics metrics,
    Branches branches,
    RandomGenerator random) {
  /** Wires a gateway's parts; the intake has yet to be started. */
  static SessionParts of(
      Vertx vertx, GatewayConfig config, GatewayPorts ports, RandomGenerator random) {
    MasterProgress progress = new MasterProgress(ports.bus(), ports.board());
    PrivilegeGate gate = new PrivilegeGate();
    return new SessionParts(
        config,
        ports,
        vertx,
        vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true)),
        new WriteIntake(ports.bus(), ports.timers(), ports.sequencer(), IntakeBounds.DEFAULT),
        new WritePlanner(
            ports,
            new Determinism(ports.catalogues().get(), random),
            gate,
            progress,
            new WriteContext(ports.timers(), random)),
        gate,
        progress,
        new ClusterSessions(ports.self(), ports.bus(), ports.sequencer(), ports.connections()),
        new StrongReads(
            new LogHead(ports.bus(), ports.timers(), ports.sequencer()), progress, ports.timers()),
        new GatewayMetrics(ports.meters(), ports.timers()),
        new Branches(),
        random);
  }
}
