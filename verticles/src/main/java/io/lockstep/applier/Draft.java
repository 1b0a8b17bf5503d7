package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.LastWrite;
import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The replicated state as it will be if the batch at hand commits: changes laid over a {@link
 * ReplicatedState} that they leave alone. Dropped when the batch fails.
 */
final class Draft {
  private final ReplicatedState base;
  private final Map<SessionId, LastWrite> lastWrites = new HashMap<>();
  private final Map<SessionId, Remembered> remembered = new LinkedHashMap<>();
  private final Map<TableName, NextId> nextIds = new HashMap<>();
  private final Set<TableName> droppedNextIds = new HashSet<>();
  private Position position;
  private Optional<DefinitionChanges> definitions = Optional.empty();

  Draft(ReplicatedState base) {
    this.base = base;
    this.position = base.position();
  }

  Position position() {
    return position;
  }

  /** What the session did last before {@code at}, unless that is too long ago to be known. */
  Optional<LastWrite> lastWrite(SessionId session, Seq at) {
    return Optional.ofNullable(lastWrites.get(session))
        .or(() -> base.lastWrite(session))
        .filter(last -> last.seq().value() + ReplicatedState.DEDUP_WINDOW > at.value());
  }

  /** From now on a repetition of {@code id} is recognised. */
  void recognise(WriteId id, Seq seq) {
    lastWrites.put(id.session(), new LastWrite(id.session(), id.counter(), seq));
  }

  /** Keeps the outcome of a write that was recognised. */
  void remember(WriteId id, Seq seq, Outcome outcome) {
    remembered.remove(id.session());
    remembered.put(id.session(), new Remembered(id, seq, outcome));
  }

  Optional<NextId> nextId(TableName table) {
    if (droppedNextIds.contains(table)) {
      return Optional.empty();
    }
    return Optional.ofNullable(nextIds.get(table)).or(() -> base.nextId(table));
  }

  void nextId(TableName table, NextId next) {
    droppedNextIds.remove(table);
    nextIds.put(table, next);
  }

  void forgetNextId(TableName table) {
    nextIds.remove(table);
    droppedNextIds.add(table);
  }

  /** Every table that has a next id, as a copy. */
  Set<TableName> tablesWithNextId() {
    Set<TableName> tables = new HashSet<>(base.tablesWithNextId());
    tables.addAll(nextIds.keySet());
    tables.removeAll(droppedNextIds);
    return tables;
  }

  /** Whether definitions have changed since a write was analysed that comes up at {@code at}. */
  boolean isStale(Write write, Seq at) {
    return definitions
        .orElseGet(base::definitions)
        .since(write.basis(), write.schemas(), at, position.definitionsSeq());
  }

  /** Analyses of these schemas made before this write no longer hold; of all if there are none. */
  void definitionsChanged(Set<String> schemas, Seq seq) {
    DefinitionChanges changes =
        definitions.orElseGet(() -> new DefinitionChanges(base.definitions().asMap()));
    changes.changed(schemas, seq);
    definitions = Optional.of(changes);
    position = new Position(seq, position.index(), position.digest(), seq);
  }

  /**
   * The same for analyses made before tables of these schemas were locked; definitions are as they
   * were.
   */
  void tablesLocked(Set<String> schemas, Seq seq) {
    DefinitionChanges changes =
        definitions.orElseGet(() -> new DefinitionChanges(base.definitions().asMap()));
    changes.locked(schemas, seq);
    definitions = Optional.of(changes);
  }

  /** The write at {@code seq} is done with; {@code index} is the last entry done with entirely. */
  void advance(Seq seq, LogIndex index, long digest) {
    position = new Position(seq, index, digest, position.definitionsSeq());
  }

  Bookkeeping bookkeeping() {
    return new Bookkeeping(
        position,
        List.copyOf(remembered.values()),
        ReplicatedState.forgetUpTo(position.seq()),
        nextIds,
        droppedNextIds,
        changedDefinitions(),
        droppedDefinitions());
  }

  private Map<String, Seq> changedDefinitions() {
    Map<String, Seq> changed =
        new HashMap<>(definitions.map(DefinitionChanges::asMap).orElse(Map.of()));
    changed.entrySet().removeAll(base.definitions().asMap().entrySet());
    return changed;
  }

  private Set<String> droppedDefinitions() {
    Set<String> dropped = new HashSet<>();
    definitions.ifPresent(
        now -> {
          dropped.addAll(base.definitions().asMap().keySet());
          dropped.removeAll(now.asMap().keySet());
        });
    return dropped;
  }
}
