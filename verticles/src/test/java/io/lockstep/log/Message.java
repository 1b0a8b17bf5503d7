package io.lockstep.log;

import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import java.util.List;

/** What members say to each other (the Raft paper, figure 2, and ReadIndex of the thesis, 6.4). */
sealed interface Message {
  /** Entries after {@code before}, or none; {@code round} asks for a sign of life. */
  record Append(
      Term term,
      NodeId leader,
      long before,
      Term beforeTerm,
      List<Slot> slots,
      long commit,
      long round)
      implements Message {}

  /** {@code upTo} is on disk, or where to try again when not {@code matches}. */
  record Appended(Term term, NodeId by, boolean matches, long upTo, long round)
      implements Message {}

  record AskVote(Term term, NodeId candidate, long last, Term lastTerm) implements Message {}

  record Vote(Term term, NodeId by, boolean granted) implements Message {}

  /** What {@code leader} should send next is purged there; {@code first} is the oldest it has. */
  record TooFarBehind(Term term, NodeId leader, long first) implements Message {}

  record TakeOver(Term term) implements Message {}
}
