package io.lockstep.model;

import java.util.Optional;
import java.util.function.Function;

/** The sequencer's answer to a proposal. */
public sealed interface Sequenced {
  /** One answer for each case, so that a new case breaks the build. */
  <R> R fold(
      Function<At, R> at,
      Function<NotHere, R> notHere,
      Function<Full, R> full,
      Function<Unknown, R> unknown);

  /** Durable on a majority, at this place. */
  record At(Seq seq) implements Sequenced {
    @Override
    public <R> R fold(
        Function<At, R> at,
        Function<NotHere, R> notHere,
        Function<Full, R> full,
        Function<Unknown, R> unknown) {
      return at.apply(this);
    }
  }

  /** This node does not stamp; nothing was written. */
  record NotHere(Term term, Optional<NodeId> ask) implements Sequenced {
    @Override
    public <R> R fold(
        Function<At, R> at,
        Function<NotHere, R> notHere,
        Function<Full, R> full,
        Function<Unknown, R> unknown) {
      return notHere.apply(this);
    }
  }

  /** The sequencer's queue has reached its bound; nothing was written. */
  record Full(int writesMax) implements Sequenced {
    @Override
    public <R> R fold(
        Function<At, R> at,
        Function<NotHere, R> notHere,
        Function<Full, R> full,
        Function<Unknown, R> unknown) {
      return full.apply(this);
    }
  }

  /** The append failed and may yet commit under a later leader: ask the log by write id. */
  record Unknown(WriteId id) implements Sequenced {
    @Override
    public <R> R fold(
        Function<At, R> at,
        Function<NotHere, R> notHere,
        Function<Full, R> full,
        Function<Unknown, R> unknown) {
      return unknown.apply(this);
    }
  }
}
