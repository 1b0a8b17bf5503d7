package io.lockstep.applier;

import io.lockstep.model.Outcome;
import java.util.Optional;

/**
 * A write of a committed batch.
 *
 * @param outcome what it did or why not; empty for a repetition, whose outcome lies further back
 * @param digest of every outcome up to this one
 */
record Settled(PlacedWrite placed, Decision decision, Optional<Outcome> outcome, long digest) {}
