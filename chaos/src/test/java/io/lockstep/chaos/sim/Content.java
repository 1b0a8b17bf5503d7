package io.lockstep.chaos.sim;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a simulated database holds, at one moment. What a statement does depends on everything
 * executed before it, so that a wrong order shows in every later outcome.
 */
final class Content {
  /** One executed statement. */
  record Row(Seq seq, Write write, long insertId, Outcome outcome) {
    @Override
    public String toString() {
      return Writes.meaning(write) + " at " + seq + " " + Writes.brief(outcome);
    }
  }

  /** Rows are only ever appended; a moment is a length. */
  private final List<Row> rows;

  private int rowCount;
  private long hash;
  private Position position = Position.START;
  private final Map<SessionId, Remembered> remembered = new HashMap<>();
  private final Map<TableName, NextId> nextIds = new HashMap<>();
  private final Map<String, Seq> definitions = new HashMap<>();
  private final Map<TableName, Long> highest = new HashMap<>();
  private Optional<Execution> intent = Optional.empty();

  Content(List<Row> rows) {
    this.rows = rows;
  }

  /** A later moment of the same database; this one stays as it is as long as only one goes on. */
  Content next() {
    Content next = new Content(rows);
    next.rowCount = rowCount;
    next.hash = hash;
    next.position = position;
    next.remembered.putAll(remembered);
    next.nextIds.putAll(nextIds);
    next.definitions.putAll(definitions);
    next.highest.putAll(highest);
    next.intent = intent;
    return next;
  }

  /** What was executed after this moment is gone. */
  void cutLaterRows() {
    rows.subList(rowCount, rows.size()).clear();
  }

  Outcome run(Execution execution) {
    Write write = execution.write();
    long insertId = execution.insertId().orElse(0);
    Outcome outcome = outcome(write, insertId);
    cutLaterRows();
    rows.add(new Row(execution.seq(), write, insertId, outcome));
    rowCount++;
    return outcome;
  }

  private Outcome outcome(Write write, long insertId) {
    if (write.kind().commitsByItself()) {
      return Outcome.Done.ok();
    }
    if (write.kind() == WriteKind.TRANSACTION && Math.floorMod(hash, 5) == 0) {
      return new Outcome.Refused(Outcome.Refused.Reason.CONFLICT);
    }
    long after = mix(hash + write.statement().sql().hashCode() * 31L + insertId);
    if (Math.floorMod(after, 11) == 0) {
      return new Outcome.Failed(1062, "23000", "Duplicate entry");
    }
    hash = after;
    write.draw().ifPresent(draw -> rowsWithIds(draw.table(), insertId + draw.drawn() - 1));
    return new Outcome.Done(Math.floorMod(after, 1_000), insertId, 0, "", 2, List.of(), List.of());
  }

  private void rowsWithIds(TableName table, long last) {
    highest.merge(table, last, Math::max);
  }

  void store(Bookkeeping bookkeeping) {
    position = bookkeeping.position();
    bookkeeping.remembered().forEach(write -> remembered.put(write.id().session(), write));
    remembered.values().removeIf(write -> !write.seq().isAfter(bookkeeping.forgetUpTo()));
    bookkeeping.droppedNextIds().forEach(nextIds::remove);
    nextIds.putAll(bookkeeping.nextIds());
    bookkeeping.droppedDefinitions().forEach(definitions::remove);
    definitions.putAll(bookkeeping.definitions());
  }

  void intend(Optional<Execution> execution) {
    intent = execution;
  }

  Optional<Execution> intent() {
    return intent;
  }

  boolean hasExecuted(Seq seq) {
    return rowCount > 0 && !row(rowCount - 1).seq().isBefore(seq);
  }

  Position position() {
    return position;
  }

  Map<SessionId, Remembered> remembered() {
    return remembered;
  }

  Map<String, Seq> definitions() {
    return definitions;
  }

  Map<TableName, NextId> nextIds() {
    return nextIds;
  }

  long highest(TableName table) {
    return highest.getOrDefault(table, 0L);
  }

  long hash() {
    return hash;
  }

  int rowCount() {
    return rowCount;
  }

  Row row(int at) {
    return rows.get(at);
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
