package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Require;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** In what form a write may enter the order. */
public sealed interface Verdict {
  /** What the gateway must pin, beside the settings that travel with every write. */
  enum Need {
    /** {@code timestamp}. */
    TIME,
    /** {@code rand_seed1} and {@code rand_seed2}. */
    RAND,
    /** {@code last_insert_id}. */
    LAST_INSERT_ID,
    /** {@code pseudo_thread_id}. */
    CONNECTION_ID
  }

  /**
   * As text, with its context pinned.
   *
   * @param userVariables names without {@code @}, lower case
   * @param sql the text to order: what only the gateway knows is written out in it
   */
  record Ordered(Set<Need> needs, Set<String> userVariables, Bytes sql, Optional<IdDraw> ids)
      implements Verdict {
    public Ordered {
      needs = Set.copyOf(needs);
      userVariables = Set.copyOf(userVariables);
    }

    @Override
    public <R> R fold(
        Function<Ordered, R> ordered,
        Function<NeedsRows, R> needsRows,
        Function<Refused, R> refused) {
      return ordered.apply(this);
    }
  }

  /** Its effect cannot be pinned in text: only its rows could be ordered. */
  record NeedsRows(String reason) implements Verdict {
    public NeedsRows {
      Require.that(!reason.isEmpty(), "a verdict has its reason");
    }

    @Override
    public <R> R fold(
        Function<Ordered, R> ordered,
        Function<NeedsRows, R> needsRows,
        Function<Refused, R> refused) {
      return needsRows.apply(this);
    }
  }

  /** Not at all. */
  record Refused(String reason) implements Verdict {
    public Refused {
      Require.that(!reason.isEmpty(), "a verdict has its reason");
    }

    @Override
    public <R> R fold(
        Function<Ordered, R> ordered,
        Function<NeedsRows, R> needsRows,
        Function<Refused, R> refused) {
      return refused.apply(this);
    }
  }

  <R> R fold(
      Function<Ordered, R> ordered, Function<NeedsRows, R> needsRows, Function<Refused, R> refused);
}
