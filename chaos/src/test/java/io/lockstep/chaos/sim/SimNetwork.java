package io.lockstep.chaos.sim;

import io.lockstep.log.Surroundings;
import io.lockstep.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries messages between nodes: late, out of order, twice, or not at all; and writes to disks.
 */
final class SimNetwork implements Surroundings {
  private record Way(NodeId from, NodeId to) {}

  private final SimTime time;
  private final Chance chance;
  private final Climate climate;
  private final Map<NodeId, SimLife> lives = new HashMap<>();
  private final Set<Way> cut = new HashSet<>();
  private final Map<NodeId, Long> diskSlowness = new HashMap<>();
  private boolean calm;

  SimNetwork(SimTime time, Chance chance, Climate climate) {
    this.time = time;
    this.chance = chance;
    this.climate = climate;
  }

  void begin(NodeId node, SimLife life) {
    lives.put(node, life);
  }

  boolean isUp(NodeId node) {
    return life(node).isPresent();
  }

  void cut(NodeId from, NodeId to) {
    cut.add(new Way(from, to));
  }

  void heal() {
    cut.clear();
    diskSlowness.clear();
  }

  /** From now on nothing is lost and nothing is very late. */
  void calmDown() {
    calm = true;
    heal();
  }

  void slowDisk(NodeId node, long factor) {
    diskSlowness.put(node, factor);
  }

  @Override
  public void carry(NodeId from, NodeId to, Runnable arrival) {
    if (from.equals(to)) {
      life(to).ifPresent(life -> life.execute(arrival));
      return;
    }
    if (cut.contains(new Way(from, to)) || (!calm && chance.once(climate.loss()))) {
      return;
    }
    int copies = !calm && chance.once(climate.duplication()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      time.after(delay(), () -> life(to).ifPresent(life -> life.run(arrival)));
    }
  }

  @Override
  public void flush(NodeId node, Runnable done) {
    long slowness = diskSlowness.getOrDefault(node, 1L);
    long takes = chance.between(100 * SimTime.MICRO, 2 * SimTime.MILLI) * slowness;
    life(node).ifPresent(life -> life.runAfter(takes, done));
  }

  private long delay() {
    if (!calm && chance.once(climate.lateness())) {
      return chance.between(SimTime.MILLI, 400 * SimTime.MILLI);
    }
    return chance.between(50 * SimTime.MICRO, SimTime.MILLI);
  }

  private Optional<SimLife> life(NodeId node) {
    return Optional.ofNullable(lives.get(node)).filter(life -> !life.isDead());
  }
}
