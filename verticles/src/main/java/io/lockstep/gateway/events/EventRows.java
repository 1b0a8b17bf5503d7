package io.lockstep.gateway.events;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where events are read: in this node's own database, as far as it has applied. */
public interface EventRows {
  /** Most events that a cluster runs; those behind them by name are not run. */
  int EVENTS_MAX = 10_000;

  /** Whether the cluster runs events. */
  Future<Boolean> switchedOn();

  /** Every event that is enabled; nothing while the cluster runs no events. */
  Future<Optional<List<EventDefinition>>> read();

  /** Removes what an earlier life of this node may have left of running events. */
  Future<Void> tidy();
}
