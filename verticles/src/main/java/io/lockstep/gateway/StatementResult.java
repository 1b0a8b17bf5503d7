package io.lockstep.gateway;

import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;

/**
 * How a statement ended well.
 *
 * @param outcome what it did; a read's is {@link Outcome.Done#ok()} with its warning count
 * @param token every write up to this seq, the statement's own included, was visible to it
 * @param replayed the answer is that of an earlier request under the same idempotent id
 */
public record StatementResult(Outcome.Done outcome, Seq token, boolean replayed) {}
