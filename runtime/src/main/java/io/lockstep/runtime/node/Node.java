package io.lockstep.runtime.node;

import io.lockstep.bus.VertxTimers;
import io.lockstep.gateway.TlsPolicy;
import io.lockstep.load.LoadBoard;
import io.lockstep.mysql.ServerTls;
import io.lockstep.runtime.NodeRunner;
import io.lockstep.runtime.cluster.ClusterNode;
import io.lockstep.runtime.cluster.ClusterOptions;
import io.lockstep.runtime.cluster.Member;
import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.config.TlsConfig;
import io.lockstep.runtime.database.DatabaseAccess;
import io.lockstep.runtime.database.DatabaseChoice;
import io.lockstep.runtime.database.NodeDatabase;
import io.lockstep.runtime.tls.TlsFiles;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the cluster. Started in this order: the group, the database, the applier, the log,
 * the front doors; stopped in the reverse. Safe on any thread.
 */
public final class Node implements NodeRunner.Running {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Promise<Void> ended = Promise.promise();
  private final ClusterNode cluster;
  private final NodeDatabase database;
  private Optional<Order> order = Optional.empty();

  private Node(ClusterNode cluster, NodeDatabase database) {
    this.cluster = cluster;
    this.database = database;
  }

  /**
   * Brings up the node; completes when every stage is up. A node that fails to start is stopped.
   */
  public static Future<NodeRunner.Running> start(NodeConfig config) {
    return ClusterNode.start(clusterOptions(config), vertxOptions())
        .compose(
            cluster ->
                new Node(cluster, DatabaseChoice.of(cluster.vertx(), config, LOG::info))
                    .startOrStop(config));
  }

  /** Answers on no context: those of this node's Vert.x are gone once it has stopped. */
  private Future<NodeRunner.Running> startOrStop(NodeConfig config) {
    Promise<NodeRunner.Running> up = Promise.promise();
    startOn(config)
        .onSuccess(started -> up.complete(this))
        .onFailure(cause -> stop().onComplete(stopped -> up.fail(cause)));
    return up.future();
  }

  private Future<Void> startOn(NodeConfig config) {
    Health health = new Health();
    // Beside the start of the database, which takes longer.
    Future<Void> parser = ParserLoading.on(cluster.vertx());
    return cluster
        .vertx()
        .executeBlocking(() -> tls(config))
        .compose(
            tls ->
                database
                    .start(new DatabaseWatch(health, this::fatal))
                    .map(access -> foundations(config, health, access, tls)))
        .compose(
            on -> {
              Order ordered = new Order(on, this::fatal);
              order = Optional.of(ordered);
              return ordered
                  .start()
                  .compose(started -> parser)
                  .compose(loaded -> new FrontDoors(on, ordered).open());
            })
        .onSuccess(open -> LOG.info("node {} is up", config.node()));
  }

  /** The certificate is there before the database starts, which uses it as well. */
  private static TlsPolicy tls(NodeConfig config) {
    return new TlsPolicy(
        TlsFiles.ready(config).map(files -> ServerTls.of(files.certificate(), files.key())),
        config.mysql().tls().mode() == TlsConfig.Mode.REQUIRED);
  }

  private Foundations foundations(
      NodeConfig config, Health health, DatabaseAccess access, TlsPolicy tls) {
    return new Foundations(
        config,
        cluster,
        database,
        access,
        new AdminPool(cluster.vertx(), access),
        new LoadBoard(new VertxTimers(cluster.vertx())),
        health,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        tls);
  }

  @Override
  public Future<Void> ended() {
    return ended.future();
  }

  @Override
  public Future<Void> stop() {
    Promise<Void> down = Promise.promise();
    order
        .map(Order::stop)
        .orElseGet(Future::succeededFuture)
        .eventually(database::stop)
        .onComplete(quiet -> cluster.close().onComplete(down));
    return down.future().onComplete(stopped -> ended.tryComplete());
  }

  /** To go on would be wrong: whoever runs the node ends the process. */
  private void fatal(Throwable cause) {
    LOG.error("the node stops itself", cause);
    ended.tryFail(cause);
  }

  private static VertxOptions vertxOptions() {
    return new VertxOptions().setPreferNativeTransport(true);
  }

  private static ClusterOptions clusterOptions(NodeConfig config) {
    List<Member> members =
        config.cluster().members().stream()
            .map(
                member ->
                    new Member(
                        member.node(),
                        member.host(),
                        member.clusterPort(),
                        member.busPort(),
                        member.logPort()))
            .toList();
    ClusterOptions usual = ClusterOptions.of(config.node(), members, config.orderDirectory());
    return usual
        .with(
            usual
                .log()
                .keeping(config.order().keepMb() << 20, config.order().keepEntries())
                .electing(config.order().electionMin(), config.order().electionMax()))
        .withJgroups(config.cluster().jgroupsFile());
  }
}
