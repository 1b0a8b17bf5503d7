package io.lockstep.gateway;

import io.lockstep.model.ClientProcess;
import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients of one node, over all of its gateways, by the connection id that each was told. An id
 * is unique in the cluster: its last two digits are the node's place among the configured ones.
 */
public final class Connections {
  /** Nodes whose ids can be told apart. */
  public static final int NODES_MAX = 99;

  private static final int NODES = NODES_MAX + 1;

  /** Keeps an id within 31 bits, which every client understands. */
  private static final int COUNTER_MAX = Integer.MAX_VALUE / NODES - 1;

  /** A session as others see it, and how they end it. Called on any thread. */
  interface Victim {
    /** The account that it runs as. */
    String user();

    void kill(boolean queryOnly);

    /** What it is doing; a statement is cut to {@code infoLengthMax} characters. */
    Future<ClientProcess> process(int infoLengthMax);
  }

  private final int place;
  private final AtomicInteger counter = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Long, Victim> victims = new ConcurrentHashMap<>();

  /** {@code nodes} are all configured ones, the same on every node in whatever order. */
  public Connections(NodeId self, List<NodeId> nodes) {
    Require.that(nodes.size() <= NODES_MAX, "a cluster has at most " + NODES_MAX + " nodes");
    this.place = 1 + nodes.stream().sorted().toList().indexOf(self);
  }

  /** Counts a client in, unless there are {@code max} already. */
  boolean admit(int max) {
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  void left() {
    open.decrementAndGet();
  }

  /** An id that no client has. */
  long nextId() {
    long id;
    do {
      int count = counter.updateAndGet(last -> last >= COUNTER_MAX ? 1 : last + 1);
      id = (long) count * NODES + place;
    } while (victims.containsKey(id));
    return id;
  }

  void signedIn(long id, Victim victim) {
    victims.put(id, victim);
  }

  void signedOut(long id) {
    victims.remove(id);
  }

  Optional<Victim> find(long id) {
    return Optional.ofNullable(victims.get(id));
  }

  /** All of a user, or of everybody. */
  List<Victim> of(Optional<String> user) {
    return victims.values().stream()
        .filter(victim -> user.isEmpty() || victim.user().equals(user.get()))
        .toList();
  }

  /** Sessions that are signed in, for the adverts and the status page. */
  public int sessions() {
    return victims.size();
  }
}
