package io.lockstep.model;

import java.util.Optional;

/** The sequencer's answer to a proposal. */
public sealed interface Sequenced {
  /** Durable on a majority, at this place. */
  record At(Seq seq) implements Sequenced {}

  /** This node does not stamp; nothing was written. */
  record NotHere(Term term, Optional<NodeId> ask) implements Sequenced {}

  /** The sequencer's queue has reached its bound; nothing was written. */
  record Full(int writesMax) implements Sequenced {}

  /** The append failed and may yet commit under a later leader: ask the log by write id. */
  record Unknown(WriteId id) implements Sequenced {}
}
