package io.lockstep.applier;

import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The node's own database as the applier needs it. One caller, one call at a time; only {@link
 * #remembered}, {@link #flush} and {@link Snapshot#checksums} may run beside another call.
 *
 * <p>A failed future means that the environment failed (connection, deadlock, lock wait, disk): the
 * open transaction is then to be rolled back and tried again. A statement's own error is an {@link
 * Outcome.Failed} in a successful answer. After a failed {@link #commit} or {@link #executeAlone}
 * nobody knows what was stored: {@link #open} again and read the position.
 */
public interface ReplicaDatabase {
  /** One write in its place; {@code insertId} is pinned as INSERT_ID where present. */
  record Execution(Seq seq, Write write, OptionalLong insertId) {}

  /** The first outcome of a write, kept to answer a repetition of its id. */
  record Remembered(WriteId id, Seq seq, Outcome outcome) {}

  /** What a session did last, without its outcome: all that is needed to recognise a repetition. */
  record LastWrite(SessionId session, long counter, Seq seq) {}

  /**
   * The next AUTO_INCREMENT id of a table.
   *
   * @param value the next id, or only its lower bound
   * @param exact whether {@code value} is the next id itself; else the rows are to be looked at
   */
  record NextId(long value, boolean exact) {}

  /**
   * What is stored together with the writes of a transaction.
   *
   * @param remembered replaces what the same sessions did before; one for each session
   * @param forgetUpTo sessions whose last write is at or before this seq are forgotten
   * @param nextIds the next ids that changed
   * @param droppedNextIds tables whose next id is no longer kept
   * @param definitions schemas whose last change is another now
   * @param droppedDefinitions schemas whose last change is no longer kept
   */
  record Bookkeeping(
      Position position,
      List<Remembered> remembered,
      Seq forgetUpTo,
      Map<TableName, NextId> nextIds,
      Set<TableName> droppedNextIds,
      Map<String, Seq> definitions,
      Set<String> droppedDefinitions) {
    public Bookkeeping {
      definitions = Map.copyOf(definitions);
      droppedDefinitions = Set.copyOf(droppedDefinitions);
      remembered = List.copyOf(remembered);
      nextIds = Map.copyOf(nextIds);
      droppedNextIds = Set.copyOf(droppedNextIds);
    }
  }

  /**
   * What the database says of itself at start.
   *
   * @param lastWrites by ascending seq
   * @param definitions the last changes of definitions
   */
  record Recovered(
      Position position,
      List<LastWrite> lastWrites,
      Map<TableName, NextId> nextIds,
      Map<String, Seq> definitions) {
    public Recovered {
      definitions = Map.copyOf(definitions);
      lastWrites = List.copyOf(lastWrites);
      nextIds = Map.copyOf(nextIds);
    }
  }

  /** The whole content as it was when the snapshot was taken; good for one reading. */
  interface Snapshot {
    /**
     * A checksum of every user table and a hash of every definition and account, by readable names.
     * No definition may change until this has completed.
     */
    Future<Map<String, Bytes>> checksums();
  }

  /**
   * Connects (again), drops whatever transaction was open, creates Lockstep's own tables where
   * absent and reads them. After a crash of the database the position may be an earlier one.
   */
  Future<Recovered> open();

  /**
   * Runs the writes in order in the open transaction (opening one), pipelined. One outcome each, in
   * order. A write with an error of its own is undone alone.
   */
  Future<List<Outcome>> execute(List<Execution> executions);

  /**
   * Runs the steps of clients' transactions in the open transaction (opening one), after what was
   * executed before. One outcome each, in order: all steps of a transaction come out as its client
   * has seen them, or all are undone and the outcome is {@link Outcome.Refused} for a conflict.
   */
  Future<List<Outcome>> executeSteps(List<Execution> executions);

  /** Stores the bookkeeping and commits, all or nothing. Opens a transaction if none is open. */
  Future<Void> commit(Bookkeeping bookkeeping);

  /** Undoes the open transaction; fails when the connection is no longer usable. */
  Future<Void> rollback();

  /**
   * Runs a write that commits by itself: records the intent with a fingerprint of the objects,
   * executes, records the end together with {@code after}. When the intent for this seq is already
   * there it looks first whether the statement had happened and does not run it twice.
   */
  Future<Outcome> executeAlone(Execution execution, Function<Outcome, Bookkeeping> after);

  /** The stored outcome of the last committed write of this id's session, if it is this one. */
  Future<Optional<Remembered>> remembered(WriteId id);

  /** The highest value of an AUTO_INCREMENT column as the open transaction sees it; 0 for none. */
  Future<Long> highestId(TableName table, String column);

  /** Takes a snapshot of what is committed now; completes when later commits cannot change it. */
  Future<Snapshot> snapshot();

  /** Everything committed before the call is on disk when this completes. */
  Future<Void> flush();

  Future<Void> close();
}
