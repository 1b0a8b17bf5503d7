package io.lockstep.log;

import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a node's listener was told, in order. Safe to read from another thread. */
public class HeardLeadership implements OrderedLog.Listener {
  /** One reign of this node. */
  public record Reigned(Term term, LogIndex barrier) {}

  private final List<Reigned> reigns = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private boolean leads;
  private int losses;

  @Override
  public synchronized void leading(Term term, LogIndex barrier) {
    reigns.add(new Reigned(term, barrier));
    leads = true;
  }

  @Override
  public synchronized void following(Term term, Optional<NodeId> leader) {
    losses++;
    leads = false;
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failures.add(cause);
  }

  @Override
  public synchronized void tooFarBehind(LogIndex firstAvailable) {
    failures.add(new OrderedLog.PurgedException(firstAvailable));
  }

  /** Whether the last thing heard was that this node leads. */
  public synchronized boolean leads() {
    return leads;
  }

  /** The reigns of this node, oldest first. */
  public synchronized List<Reigned> reigns() {
    return List.copyOf(reigns);
  }

  /** How often it heard that it follows. */
  public synchronized int losses() {
    return losses;
  }

  /** What ended the log. */
  public synchronized List<Throwable> failures() {
    return List.copyOf(failures);
  }
}
