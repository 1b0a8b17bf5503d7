package io.lockstep.chaos.sim;

import io.lockstep.bus.Addresses;
import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.List;

/** Draws one fault after the other and ends each after a while. */
final class Faults {
  private final SimCluster cluster;
  private final Chance chance;
  private final Climate climate;
  private boolean over;

  Faults(SimCluster cluster, Climate climate) {
    this.cluster = cluster;
    this.chance = cluster.chance();
    this.climate = climate;
  }

  void begin() {
    cluster
        .time()
        .after(
            chance.between(0, 2 * climate.faultEvery()),
            () -> {
              if (!over) {
                strike();
                begin();
              }
            });
  }

  void end() {
    over = true;
  }

  private void strike() {
    NodeId node = chance.of(cluster.nodes());
    switch (chance.below(13)) {
      case 0, 1 -> crash(node);
      case 2 -> crashLeader();
      case 3, 4 -> crashDatabase(node);
      case 5, 6 -> isolate(node);
      case 7 -> cutOneWay(node);
      case 8 -> pause(node);
      case 9 -> slow(node);
      case 10 ->
          tell(node, "loses sight of its appends", () -> cluster.raft().loseSightOfAppends(node));
      case 11 -> tell(node, "refuses the next append", () -> cluster.raft().refuseNext(node));
      default -> moveLeadership(node);
    }
  }

  private void tell(Object who, String what, Runnable action) {
    cluster.story().tell(who, "FAULT " + what);
    action.run();
  }

  private void crash(NodeId node) {
    tell(node, "the process dies", () -> cluster.crash(node));
    cluster
        .time()
        .after(chance.between(SimTime.MILLI, 1_200 * SimTime.MILLI), () -> cluster.restart(node));
  }

  private void crashLeader() {
    cluster.nodes().stream().filter(cluster.raft()::leads).findFirst().ifPresent(this::crash);
  }

  private void crashDatabase(NodeId node) {
    tell(
        node,
        "the database dies",
        () -> cluster.story().tell(node, "commits lost: " + cluster.database(node).crash()));
    cluster
        .time()
        .after(
            chance.between(SimTime.MILLI, 400 * SimTime.MILLI),
            () -> cluster.database(node).start());
  }

  private void isolate(NodeId node) {
    tell(
        node,
        "is cut off",
        () ->
            others(node)
                .forEach(
                    other -> {
                      cluster.network().cut(node, other);
                      cluster.network().cut(other, node);
                    }));
    healLater();
  }

  private void cutOneWay(NodeId node) {
    NodeId other = chance.of(others(node));
    tell(node, "is not heard by " + other, () -> cluster.network().cut(node, other));
    healLater();
  }

  private void healLater() {
    cluster
        .time()
        .after(
            chance.between(10 * SimTime.MILLI, 900 * SimTime.MILLI),
            () -> tell("network", "heals", cluster.network()::heal));
  }

  private void pause(NodeId node) {
    long nanos = chance.between(10 * SimTime.MILLI, 800 * SimTime.MILLI);
    tell(
        node,
        "stands still for " + nanos / SimTime.MILLI + " ms",
        () -> cluster.node(node).ifPresent(up -> up.life().pauseFor(nanos)));
  }

  private void slow(NodeId node) {
    tell(
        node,
        "is slow",
        () -> {
          cluster.network().slowDisk(node, chance.between(2, 60));
          cluster.node(node).ifPresent(up -> up.connection().slow(chance.between(2, 60)));
        });
    cluster
        .time()
        .after(
            chance.between(50 * SimTime.MILLI, 900 * SimTime.MILLI),
            () -> {
              cluster.network().slowDisk(node, 1);
              cluster.node(node).ifPresent(up -> up.connection().slow(1));
            });
  }

  private void moveLeadership(NodeId node) {
    if (chance.once(0.5)) {
      tell(node, "stands for election", () -> cluster.raft().stand(node));
      return;
    }
    NodeId asked = chance.of(cluster.nodes());
    tell(
        node,
        "is to take over from " + asked,
        () ->
            cluster
                .node(node)
                .ifPresent(
                    up -> up.bus().ask(Addresses.RESIGN, asked, node, Duration.ofMillis(500))));
  }

  private List<NodeId> others(NodeId node) {
    return cluster.nodes().stream().filter(other -> !other.equals(node)).toList();
  }
}
