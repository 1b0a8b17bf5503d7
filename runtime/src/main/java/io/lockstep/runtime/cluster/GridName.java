package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How one life of a node is called in the group: {@code n1~} and a few random signs, because a node
 * that died may still be in the view, with its registrations, when its next life joins.
 */
final class GridName {
  private static final String SEPARATOR = "~";

  private GridName() {}

  static String newLife(NodeId node) {
    return node.name() + SEPARATOR + UUID.randomUUID().toString().substring(0, 8);
  }

  /** The configured node behind a name; empty for a stranger. */
  static Optional<NodeId> nodeOf(String name, List<NodeId> configured) {
    int end = name.indexOf(SEPARATOR);
    return configured.stream()
        .filter(node -> end > 0 && node.name().equals(name.substring(0, end)))
        .findFirst();
  }
}
