package io.lockstep.runtime.log;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What this node is to the log, told to the listener one change at a time and never backwards in
 * terms. Ratis reports from several threads, some of which hold its locks; so the listener hears on
 * a thread of its own, in the order in which the changes happened here.
 */
final class Reign {
  private final OrderedLog.Listener listener;
  private final Executor events;
  private Term term = Term.NONE;
  private Optional<NodeId> leader = Optional.empty();
  private boolean leading;
  private boolean first = true;
  private boolean over;

  /**
   * @param events one thread, so that the order is kept
   */
  Reign(OrderedLog.Listener listener, Executor events) {
    this.listener = listener;
    this.events = events;
  }

  /** The term in which this node may append, if it leads and is ready. */
  synchronized Optional<Term> leadingTerm() {
    return leading ? Optional.of(term) : Optional.empty();
  }

  synchronized Optional<NodeId> leader() {
    return leader;
  }

  synchronized void ready(Term newer, LogIndex barrier, NodeId self) {
    boolean known = leading && term.equals(newer);
    if (over || term.isAfter(newer) || known) {
      return;
    }
    term = newer;
    leading = true;
    leader = Optional.of(self);
    events.execute(() -> listener.leading(newer, barrier));
  }

  synchronized void following(Term newer, Optional<NodeId> hint) {
    boolean news = first || leading || newer.isAfter(term) || !hint.equals(leader);
    if (over || term.isAfter(newer) || !news) {
      return;
    }
    first = false;
    term = newer;
    leading = false;
    leader = hint;
    events.execute(() -> listener.following(newer, hint));
  }

  synchronized void failed(Throwable cause) {
    if (isFirstEnd()) {
      events.execute(() -> listener.failed(cause));
    }
  }

  synchronized void tooFarBehind(LogIndex firstAvailable) {
    if (isFirstEnd()) {
      events.execute(() -> listener.tooFarBehind(firstAvailable));
    }
  }

  /** A leader hears that it no longer leads; then nothing is told any more. */
  synchronized void end() {
    following(term, Optional.empty());
    isFirstEnd();
  }

  private boolean isFirstEnd() {
    boolean ends = !over;
    over = true;
    leading = false;
    return ends;
  }
}
