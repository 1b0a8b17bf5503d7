package io.lockstep.chaos.live;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The gateways of a cluster, and which of them are disturbed by a fault now. For many threads. */
final class Disturbances implements Client.Gateways {
  private final List<NodeProcess> gateways;
  private final Set<String> disturbed = ConcurrentHashMap.newKeySet();

  Disturbances(List<NodeProcess> gateways) {
    this.gateways = List.copyOf(gateways);
  }

  void begin(String node) {
    disturbed.add(node);
  }

  void end(String node) {
    disturbed.remove(node);
  }

  @Override
  public NodeProcess gateway(int index) {
    return gateways.get(index);
  }

  @Override
  public int count() {
    return gateways.size();
  }

  @Override
  public boolean disturbed(String node) {
    return disturbed.contains(node);
  }
}
