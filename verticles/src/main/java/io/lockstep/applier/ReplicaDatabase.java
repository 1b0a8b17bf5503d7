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

/**
 * The node's own database as the applier needs it. One caller, one call at a time. A failed future
 * means that the environment failed (connection, deadlock, lock wait, disk): the open transaction
 * is then to be rolled back and tried again; a statement's own error is an {@link Outcome.Failed}.
 */
public interface ReplicaDatabase {
  /** One write in its place; {@code insertId} is pinned as INSERT_ID where present. */
  record Execution(Seq seq, Write write, OptionalLong insertId) {}

  /** The first outcome of a write, kept to answer a repetition of its id. */
  record Remembered(WriteId id, Seq seq, Outcome outcome) {}

  /** What a session did last, without its outcome: all that is needed to recognise a repetition. */
  record LastWrite(SessionId session, long counter, Seq seq) {}

  /**
   * What is stored together with the writes of a transaction.
   *
   * @param remembered replaces what the same sessions did before
   * @param forgetUpTo sessions whose last write is at or before this seq are forgotten
   * @param nextIds the next AUTO_INCREMENT id per table; 0 removes the row
   */
  record Bookkeeping(
      Position position,
      List<Remembered> remembered,
      Seq forgetUpTo,
      Map<TableName, Long> nextIds) {}

  /**
   * What the database says of itself at start.
   *
   * @param unfinished a definition change whose intent was recorded and whose end was not
   */
  record Recovered(
      Position position,
      List<LastWrite> lastWrites,
      Map<TableName, Long> nextIds,
      Optional<Seq> unfinished) {}

  /** Connects, creates Lockstep's own tables where absent and reads them. */
  Future<Recovered> open();

  /**
   * Runs the writes in order in the open transaction (opening one), pipelined. One outcome each, in
   * order. A write with an error of its own is undone alone.
   */
  Future<List<Outcome>> execute(List<Execution> executions);

  /** Stores the bookkeeping and commits, all or nothing. Opens a transaction if none is open. */
  Future<Void> commit(Bookkeeping bookkeeping);

  /** Undoes the open transaction. Also the way back to a usable connection after a failure. */
  Future<Void> rollback();

  /**
   * Runs a write that commits by itself: records the intent with a fingerprint of the objects,
   * executes, records the end together with {@code after}. When the intent for this seq is already
   * there it looks first whether the statement had happened and does not run it twice.
   */
  Future<Outcome> executeAlone(
      Execution execution, java.util.function.Function<Outcome, Bookkeeping> after);

  /** The stored outcome of the last write of this id's session, if it is this one. */
  Future<Optional<Remembered>> remembered(WriteId id);

  /** The highest value of an AUTO_INCREMENT column as the open transaction sees it; 0 for none. */
  Future<Long> highestId(TableName table, String column);

  /** The next id that the database itself would give, for a table Lockstep has no row for yet. */
  Future<Long> ownNextId(TableName table, String column);

  /** A checksum of every user table and a hash of every definition and account, here and now. */
  Future<Map<String, Bytes>> checksums();

  Future<Void> close();
}
