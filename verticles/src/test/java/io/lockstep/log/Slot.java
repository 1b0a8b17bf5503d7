package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.Term;
import java.util.Optional;

/** One place in a member's log; without a payload it is an entry of the engine's own. */
public record Slot(Term term, Optional<Bytes> payload) {
  static Slot own(Term term) {
    return new Slot(term, Optional.empty());
  }
}
