package io.lockstep.runtime.node;

import io.lockstep.load.Standing;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why this node does not serve, if it does not. Safe on any thread; listeners are called on the
 * thread that changed it.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** What can keep a node from serving. */
  enum Concern {
    STARTING,
    DATABASE,
    APPLIER,
    LOG,
    QUORUM,
    DIVERGED,
    STOPPING
  }

  private final Map<Concern, String> reasons = new EnumMap<>(Concern.class);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  Health() {
    reasons.put(Concern.STARTING, "the node is starting");
  }

  /** The node does not serve because of this; a new reason replaces an older one. */
  void trouble(Concern concern, String reason) {
    String bounded = reason.substring(0, Math.min(reason.length(), Standing.REASON_LENGTH_MAX));
    synchronized (reasons) {
      if (bounded.equals(reasons.put(concern, bounded))) {
        return;
      }
    }
    LOG.warn("does not serve: {}: {}", concern, bounded);
    listeners.forEach(Runnable::run);
  }

  /** This concern is over. */
  void well(Concern concern) {
    boolean serves;
    synchronized (reasons) {
      if (!reasons.containsKey(concern)) {
        return;
      }
      reasons.remove(concern);
      serves = reasons.isEmpty();
    }
    LOG.info("over: {}{}", concern, serves ? "; the node serves" : "");
    listeners.forEach(Runnable::run);
  }

  Standing standing() {
    synchronized (reasons) {
      return new Standing(false, List.copyOf(reasons.values()));
    }
  }

  /** The same for its gateway, whose sessions are served by others while its database is away. */
  Standing gateway() {
    synchronized (reasons) {
      return new Standing(
          false,
          reasons.entrySet().stream()
              .filter(one -> one.getKey() != Concern.DATABASE)
              .map(Map.Entry::getValue)
              .toList());
    }
  }

  void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
