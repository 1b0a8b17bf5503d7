package io.lockstep.gateway.events;

import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.time.Instant;

/**
 * How instants are claimed and events ended: through the order, so that of all nodes that mean to,
 * one does. A failed future means that nothing has happened.
 */
public interface EventOrder {
  /** What became of a claim. */
  enum Claim {
    /** It is ours: nobody else has run this instant, and nobody else will. */
    TAKEN,
    /** This instant, or a later one, was claimed before. */
    LATE,
    /** Definitions have changed since the event was read. */
    STALE,
    /** It may be ours or not: nobody can tell in time. */
    UNKNOWN
  }

  /**
   * Claims one instant of an event.
   *
   * @param basis the position that the definition was read at
   */
  Future<Claim> claim(EventName event, Instant instant, Seq basis);

  /** Drops an event that is over, or disables it; false when definitions have changed since. */
  Future<Boolean> end(EventDefinition event, Seq basis);
}
