package io.lockstep.model;

import java.util.List;
import java.util.function.Function;

/** What became of a write at one node. Only {@link Done} changed anything. */
public sealed interface Outcome {
  /** One answer for each case, so that a new case breaks the build. */
  <R> R fold(Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused);

  /**
   * The statement was executed.
   *
   * @param affected changed rows, as a client without CLIENT_FOUND_ROWS counts them
   * @param lastInsertId the first id that was drawn, 0 for none
   * @param warningCount as the OK packet had it; {@code warnings} may be shorter
   * @param info the OK packet's text, such as {@code Rows matched: 1 Changed: 1 Warnings: 0}
   * @param statusFlags the OK packet's server status
   * @param packets the payloads of the result sets, as the server sent them (RETURNING, CALL);
   *     empty when the answer was a plain OK
   */
  record Done(
      long affected,
      long lastInsertId,
      int warningCount,
      String info,
      int statusFlags,
      List<Warning> warnings,
      List<Bytes> packets)
      implements Outcome {
    public Done {
      warnings = List.copyOf(warnings);
      packets = List.copyOf(packets);
    }

    /** A plain OK with nothing to say. */
    public static Done ok() {
      return new Done(0, 0, 0, "", 2, List.of(), List.of());
    }

    @Override
    public <R> R fold(
        Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused) {
      return done.apply(this);
    }
  }

  /** The statement's own error, the same on every node; it changed nothing but may burn ids. */
  record Failed(int code, String sqlState, String message) implements Outcome {
    @Override
    public <R> R fold(
        Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused) {
      return failed.apply(this);
    }
  }

  /** The order itself refused to execute it: a decision that is a function of the log alone. */
  record Refused(Reason reason) implements Outcome {
    /** Why the order refused. */
    public enum Reason {
      /** Definitions changed after the analysis: analyse again and propose as a new write. */
      STALE,
      /** Too old to know whether it was applied before: it was not executed now. */
      EXPIRED;
    }

    @Override
    public <R> R fold(
        Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused) {
      return refused.apply(this);
    }
  }
}
