package io.lockstep.runtime.node;

import io.lockstep.bus.Timers;
import io.lockstep.bus.VertxTimers;
import io.lockstep.gateway.TlsPolicy;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.NodeId;
import io.lockstep.runtime.cluster.ClusterNode;
import io.lockstep.runtime.config.MemberConfig;
import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.database.DatabaseAccess;
import io.lockstep.runtime.database.NodeDatabase;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * What every part of the node stands on, once the group is joined and the database is up.
 *
 * @param admin Lockstep's own questions to the database
 * @param tls of the MySQL port
 */
record Foundations(
    NodeConfig config,
    ClusterNode cluster,
    NodeDatabase database,
    DatabaseAccess access,
    AdminPool admin,
    LoadBoard board,
    Health health,
    PrometheusMeterRegistry meters,
    TlsPolicy tls) {

  NodeId self() {
    return config.node();
  }

  Vertx vertx() {
    return cluster.vertx();
  }

  Timers timers() {
    return new VertxTimers(vertx());
  }

  List<NodeId> nodes() {
    return config.cluster().members().stream().map(MemberConfig::node).toList();
  }
}
