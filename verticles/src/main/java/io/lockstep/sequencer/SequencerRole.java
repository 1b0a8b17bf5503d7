package io.lockstep.sequencer;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.model.Seq;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.Term;
import java.util.Optional;

/**
 * What this node is to the global order. A value: every event returns the role that follows, none
 * mutates it. A role never goes back to an older term, so an event that comes late changes nothing.
 *
 * <pre>
 *              elected(t)       deposed(t)     interrupted(t)  caughtUp(t, last)   stamp(n)
 * Following    t &gt;= term:       t &gt;= term:     -               -                   refused
 *              CatchingUp(t)    Following(t)
 * CatchingUp   t &gt; term:        t &gt;= term:     -               t = term: Leading   refused
 *              CatchingUp(t)    Following(t)                   (t, last + 1)
 * Leading      t &gt; term:        t &gt;= term:     t = term:       -                   Leading
 *              CatchingUp(t)    Following(t)   CatchingUp(t)                       (term, next + n)
 * </pre>
 */
public sealed interface SequencerRole {
  /** The newest term this role knows of; in it, it leads or does not. */
  Term term();

  /** The role as a status shows it. */
  SequencerStatus.Role name();

  /** Whom to ask instead, as far as this role knows. */
  default Optional<NodeId> leader() {
    return Optional.empty();
  }

  /** The log says that this node leads in {@code newer}. */
  default SequencerRole elected(Term newer) {
    return newer.isAfter(term()) ? new CatchingUp(newer) : this;
  }

  /** The log says that this node does not lead in {@code seen}. */
  default SequencerRole deposed(Term seen, Optional<NodeId> leader) {
    return term().isAfter(seen) ? this : new Following(seen, leader);
  }

  /** An append of {@code failed} did not commit, as far as is known: the next seq is uncertain. */
  default SequencerRole interrupted(Term failed) {
    return this;
  }

  /** Everything older is known: {@code last} is the last seq before what this node will append. */
  default SequencerRole caughtUp(Term in, Seq last) {
    return this;
  }

  /** Takes the next {@code writes} places. */
  default Optional<Stamping> stamp(int writes) {
    return Optional.empty();
  }

  /** The last seq that is taken; 0 when this role does not know. */
  default Seq last() {
    return Seq.NONE;
  }

  /** Another node stamps, or nobody. */
  record Following(Term term, Optional<NodeId> leader) implements SequencerRole {
    public static final Following START = new Following(Term.NONE, Optional.empty());

    @Override
    public SequencerStatus.Role name() {
      return SequencerStatus.Role.FOLLOWING;
    }

    @Override
    public SequencerRole elected(Term newer) {
      return term.isAfter(newer) ? this : new CatchingUp(newer);
    }
  }

  /** This node leads the log and does not yet know the last seq in it. */
  record CatchingUp(Term term) implements SequencerRole {
    @Override
    public SequencerStatus.Role name() {
      return SequencerStatus.Role.CATCHING_UP;
    }

    @Override
    public SequencerRole caughtUp(Term in, Seq last) {
      return in.equals(term) ? new Leading(term, last.next()) : this;
    }
  }

  /** This node stamps; {@code next} is the place of the next write. */
  record Leading(Term term, Seq next) implements SequencerRole {
    @Override
    public SequencerStatus.Role name() {
      return SequencerStatus.Role.LEADING;
    }

    @Override
    public SequencerRole interrupted(Term failed) {
      return failed.equals(term) ? new CatchingUp(term) : this;
    }

    @Override
    public Optional<Stamping> stamp(int writes) {
      Require.that(writes > 0, "at least one write is stamped");
      return Optional.of(new Stamping(new Leading(term, next.plus(writes)), term, next));
    }

    @Override
    public Seq last() {
      return new Seq(next.value() - 1);
    }
  }

  /** The role after a stamp, and the place of the first write that was stamped. */
  record Stamping(SequencerRole role, Term term, Seq first) {}
}
