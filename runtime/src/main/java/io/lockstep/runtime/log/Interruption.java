package io.lockstep.runtime.log;

import io.lockstep.model.Term;

/**
 * The last failed append: which call of which term. Until a barrier that was called after it is
 * committed, the term takes no further append. Safe on any thread; calls nothing while it is
 * locked, because Ratis reports failures with locks of its own in hand.
 */
final class Interruption {
  private Term term = Term.NONE;

  /** The number of the call, 0 when nothing is held back. */
  private long call;

  synchronized boolean holdsBack(Term of) {
    return call > 0 && term.equals(of);
  }

  /** A call has failed: what was called after it must not overtake it. */
  synchronized void failed(Term of, long failedCall) {
    boolean older = term.isAfter(of) || (term.equals(of) && call > failedCall);
    if (!older) {
      term = of;
      call = failedCall;
    }
  }

  /** A barrier is committed. */
  synchronized void settledBy(Term of, long barrierCall) {
    if (term.equals(of) && call < barrierCall) {
      call = 0;
    }
  }
}
