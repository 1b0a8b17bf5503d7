package io.lockstep.model;

/** A hint: this node stamps in this term. Replaced by a record of a higher term only. */
public record SequencerRecord(Term term, NodeId node) {
  /** Whether this record takes the place of {@code other}. */
  public boolean replaces(SequencerRecord other) {
    return term.isAfter(other.term);
  }
}
