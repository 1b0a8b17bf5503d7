package io.lockstep.model;

import java.util.function.Function;

/** What a node makes of {@link ProcedureAsked}. */
public sealed interface ProcedureMade {
  <R> R fold(Function<Made, R> made, Function<Refused, R> refused);

  /** It is there, in the schema of the other one, and the caller may call it. */
  record Made(String name) implements ProcedureMade {
    @Override
    public <R> R fold(Function<Made, R> made, Function<Refused, R> refused) {
      return made.apply(this);
    }
  }

  /** There is none, for a reason that the client is to hear. */
  record Refused(MySqlError error) implements ProcedureMade {
    @Override
    public <R> R fold(Function<Made, R> made, Function<Refused, R> refused) {
      return refused.apply(this);
    }
  }
}
