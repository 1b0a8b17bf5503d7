package io.lockstep.gateway;

import io.lockstep.load.LoadAdvert;
import io.lockstep.load.Progress;
import io.lockstep.load.Standing;
import io.lockstep.model.NodeId;
import io.lockstep.sql.GlobalVariables;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The cluster as a session's client asks for it: the values of SHOW STATUS and SHOW VARIABLES that
 * are Lockstep's own, by name. They come from adverts, which are hints.
 */
final class ClusterView {
  /** What every variable and status value of Lockstep begins with. */
  static final String PREFIX = "lockstep_";

  static final String CONSISTENCY = PREFIX + "consistency";

  /** More writes than this behind, and a node is called catching up. */
  private static final int LAG_MAX = 1_000;

  private final Session session;
  private final GatewayPorts ports;

  ClusterView(Session session) {
    this.session = session;
    this.ports = session.parts().ports();
  }

  /** The variables; names in lower case. */
  Map<String, String> variables() {
    Map<String, String> values = new TreeMap<>();
    values.put(CONSISTENCY, session.state().consistency().word());
    values.put(PREFIX + "node_name", ports.self().name());
    values.put(PREFIX + "cluster_nodes", names(ports.sequencer().nodes()));
    return values;
  }

  /** What the database says of its own scheduler, where the cluster's says something else. */
  Future<Map<String, String>> eventScheduler() {
    return session
        .parts()
        .planner()
        .position(session)
        .compose(recent -> ports.events().switchedOn())
        .map(on -> on ? Map.of(GlobalVariables.EVENT_SCHEDULER, "ON") : Map.of());
  }

  /** The status values of this node, and those of this session if {@code ofSession}. */
  Map<String, String> status(boolean ofSession) {
    List<LoadAdvert> adverts = ports.board().adverts();
    Optional<LoadAdvert> own = ports.board().of(ports.self());
    Progress progress = own.map(LoadAdvert::progress).orElse(Progress.START);
    boolean serving = own.map(advert -> advert.standing().serving()).orElse(false);
    boolean majority = adverts.size() * 2 > ports.sequencer().nodes().size();
    Map<String, String> values = new TreeMap<>();
    put(values, "ready", serving && majority ? "ON" : "OFF");
    put(values, "connected", own.isPresent() ? "ON" : "OFF");
    put(values, "cluster_size", Integer.toString(adverts.size()));
    put(values, "cluster_status", majority ? "Primary" : "non-Primary");
    put(values, "cluster_members", names(adverts.stream().map(LoadAdvert::node).toList()));
    put(values, "incoming_addresses", addresses(adverts));
    put(values, "local_state_comment", state(own, progress));
    put(values, "last_committed", progress.committed().toString());
    put(values, "last_applied", progress.applied().toString());
    put(values, "lag_writes", Long.toString(progress.lagWrites()));
    put(values, "term", progress.term().toString());
    put(values, "sequencer", ports.sequencer().sequencer().map(NodeId::name).orElse(""));
    put(values, "node_name", ports.self().name());
    put(values, "sessions", Integer.toString(ports.connections().sessions()));
    put(values, "open_transactions", Integer.toString(session.parts().branches().count()));
    if (ofSession) {
      put(
          values,
          "master",
          session.mastership().current().map(backend -> backend.node().name()).orElse(""));
      put(values, "session_pinned", String.join(", ", session.state().pins()));
      put(values, "session_seen", session.state().seen().toString());
    }
    return values;
  }

  private static void put(Map<String, String> values, String name, String value) {
    values.put(PREFIX + name, value);
  }

  private static String state(Optional<LoadAdvert> own, Progress progress) {
    if (own.isEmpty()) {
      return "Joining";
    }
    Standing standing = own.get().standing();
    if (!standing.serving()) {
      return "Not serving: " + String.join("; ", standing.notServing());
    }
    if (standing.draining()) {
      return "Draining";
    }
    return progress.lagWrites() > LAG_MAX ? "Catching-up" : "Synced";
  }

  private static String names(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::name).sorted().collect(Collectors.joining(","));
  }

  private static String addresses(List<LoadAdvert> adverts) {
    return adverts.stream()
        .map(advert -> advert.endpoints().mysql())
        .map(mysql -> mysql.host() + ":" + mysql.port())
        .collect(Collectors.joining(","));
  }
}
