package io.lockstep.sequencer;

import io.lockstep.model.Seq;

/**
 * Lets proposals wait for company while at least as many earlier writes are not yet applied here.
 * Clients wait for the outcomes of those, so their next proposals come soon, and an entry costs
 * about as much whether it holds one write or thirty. A lone client never waits; nobody waits
 * longer than the bound. On the sequencer's context.
 */
final class Gathering {
  private final SequencerPorts ports;
  private final SequencerBounds bounds;
  private final Runnable again;
  private int pauses;
  private boolean pausing;

  /**
   * @param again looks at the queue once more
   */
  Gathering(SequencerPorts ports, SequencerBounds bounds, Runnable again) {
    this.ports = ports;
    this.bounds = bounds;
    this.again = again;
  }

  /**
   * Whether {@code queued} proposals wait on, when everything up to {@code stamped} is on its way.
   */
  boolean holds(int queued, Seq stamped) {
    long open = stamped.value() - ports.applied().get().value();
    if (queued >= open || (!pausing && pauses >= bounds.gatherPausesMax())) {
      pauses = 0;
      return false;
    }
    if (!pausing) {
      pausing = true;
      pauses++;
      ports.timers().after(SequencerBounds.GATHER_PAUSE, this::pauseOver);
    }
    return true;
  }

  private void pauseOver() {
    pausing = false;
    again.run();
  }
}
