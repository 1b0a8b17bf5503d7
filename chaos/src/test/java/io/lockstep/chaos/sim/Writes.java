package io.lockstep.chaos.sim;

import io.lockstep.model.Outcome;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;

/** How the simulation tells writes apart, whatever id they wear: by their text. */
final class Writes {
  private Writes() {}

  /** What the client meant, once in the life of the cluster. */
  static String meaning(Write write) {
    return write.statement().sql().latin1();
  }

  static String brief(Outcome outcome) {
    return outcome.fold(
        done ->
            "did "
                + done.affected()
                + (done.lastInsertId() > 0 ? " id " + done.lastInsertId() : ""),
        failed -> "is in error",
        refused -> "is refused: " + refused.reason());
  }

  /** The same write under an id that was never used. */
  static Write renamed(Write write, int salt) {
    return new Write(
        new WriteId(write.id().session(), write.id().counter() + 1_000_000L * salt),
        write.kind(),
        write.gateway(),
        write.master(),
        write.account(),
        write.basis(),
        write.steps(),
        write.foundRows());
  }
}
