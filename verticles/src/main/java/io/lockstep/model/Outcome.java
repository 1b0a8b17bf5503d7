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
    /** Most packets of result sets that an outcome keeps. */
    public static final int PACKETS_MAX = 1 << 20;

    /** Longest single packet: the protocol's own limit, 16 MiB less one byte. */
    public static final int PACKET_BYTES_MAX = (1 << 24) - 1;

    private static final int EOF = 0xfe;
    private static final int EOF_BYTES = 5;

    public Done {
      warnings = List.copyOf(warnings);
      packets = List.copyOf(packets);
      Require.that(packets.size() <= PACKETS_MAX, "an outcome has at most 2^20 packets");
      Require.that(warnings.size() <= Warning.WARNINGS_MAX, "an outcome keeps 64 warnings");
      Require.that(warningCount >= 0 && warningCount < 65_536, "a warning count fits into 16 bits");
    }

    /** A plain OK with nothing to say. */
    public static Done ok() {
      return new Done(0, 0, 0, "", 2, List.of(), List.of());
    }

    /** Whether a result set came back, and not an empty one: its last packets are EOF, row, EOF. */
    public boolean returnedRows() {
      int rows = packets.size() - 2;
      return rows > 0 && !isEof(packets.get(rows));
    }

    private static boolean isEof(Bytes packet) {
      return (packet.at(0) & 0xff) == EOF && packet.length() == EOF_BYTES;
    }

    public Done withLastInsertId(long id) {
      return new Done(affected, id, warningCount, info, statusFlags, warnings, packets);
    }

    @Override
    public <R> R fold(
        Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused) {
      return done.apply(this);
    }
  }

  /**
   * The statement's own error, the same on every node; it changed nothing but may burn ids.
   *
   * @param lines what {@code SHOW WARNINGS} lists after it, the error among them; empty when that
   *     is the error alone
   */
  record Failed(int code, String sqlState, String message, List<Warning> lines) implements Outcome {
    public Failed {
      lines = List.copyOf(lines);
      Require.that(lines.size() <= Warning.WARNINGS_MAX, "an outcome keeps 64 warnings");
    }

    /** An error and nothing else to say. */
    public Failed(int code, String sqlState, String message) {
      this(code, sqlState, message, List.of());
    }

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
      /**
       * Definitions changed after the analysis: analyse again and propose as a new write, or, in a
       * keyed session, under the same id (a stale coming does not count as one).
       */
      STALE,
      /** Too old to know whether it was applied before: it was not executed now. */
      EXPIRED,
      /** Another request was applied before under the same idempotency key. */
      KEY_REUSED,
      /** A transaction's client has seen what is no longer so: nothing of it was kept. */
      CONFLICT;
    }

    @Override
    public <R> R fold(
        Function<Done, R> done, Function<Failed, R> failed, Function<Refused, R> refused) {
      return refused.apply(this);
    }
  }
}
