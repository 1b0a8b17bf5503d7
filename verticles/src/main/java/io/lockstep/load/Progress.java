package io.lockstep.load;

import io.lockstep.model.Require;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;

/**
 * How far a node is.
 *
 * @param leads whether it stamps writes now
 * @param term the latest reign it knows of
 * @param applied the last write its database holds
 * @param committed the last write it knows to be committed
 * @param lagWrites writes it knows to be committed and has not applied
 */
public record Progress(boolean leads, Term term, Seq applied, Seq committed, long lagWrites) {
  /** A node that has only begun. */
  public static final Progress START = new Progress(false, Term.NONE, Seq.NONE, Seq.NONE, 0);

  public Progress {
    Require.that(lagWrites >= 0, "a lag is never negative, was " + lagWrites);
  }

  /** Progress whose lag is the distance between what is committed and what is applied. */
  public static Progress of(boolean leads, Term term, Seq applied, Seq committed) {
    long lag = Math.max(0, committed.value() - applied.value());
    return new Progress(leads, term, applied, committed, lag);
  }
}
