/**
 * The whole cluster in one thread under one seed: real sequencers, appliers and intakes over an
 * in-memory log, a simulated network, clock and databases, with every fault drawn from the seed and
 * the invariants checked after every event.
 */
@NullMarked
package io.lockstep.chaos.sim;

import org.jspecify.annotations.NullMarked;
