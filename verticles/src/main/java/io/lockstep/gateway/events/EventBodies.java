package io.lockstep.gateway.events;

import io.vertx.core.Future;

/** Runs the body of an event at this node, its effect through the order. */
public interface EventBodies {
  Future<Void> run(EventDefinition event);
}
