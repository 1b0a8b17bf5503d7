package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.LastWrite;
import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.applier.ReplicaDatabase.Recovered;
import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is committed in the database, as far as decisions need it: the position, each session's last
 * write and the next ids. A pure function of the log up to the position; changed by whole batches
 * only, after their commit.
 */
final class ReplicatedState {
  /** For how many seqs a session's last write is known. About 150 bytes of heap for each. */
  static final long DEDUP_WINDOW = 1L << 20;

  private final Map<SessionId, LastWrite> lastWrites = new LinkedHashMap<>();
  private final Map<TableName, NextId> nextIds = new HashMap<>();
  private DefinitionChanges definitions;
  private Position position;

  ReplicatedState(Recovered recovered) {
    position = recovered.position();
    recovered.lastWrites().forEach(last -> lastWrites.put(last.session(), last));
    nextIds.putAll(recovered.nextIds());
    definitions = new DefinitionChanges(recovered.definitions());
  }

  /** Sessions whose last write is at or before this are unknown to the write after {@code seq}. */
  static Seq forgetUpTo(Seq seq) {
    return new Seq(Math.max(0, seq.value() + 1 - DEDUP_WINDOW));
  }

  Position position() {
    return position;
  }

  Optional<LastWrite> lastWrite(SessionId session) {
    return Optional.ofNullable(lastWrites.get(session));
  }

  /** Not to be changed. */
  DefinitionChanges definitions() {
    return definitions;
  }

  Optional<NextId> nextId(TableName table) {
    return Optional.ofNullable(nextIds.get(table));
  }

  Set<TableName> tablesWithNextId() {
    return nextIds.keySet();
  }

  /** The bookkeeping has been committed. */
  void adopt(Bookkeeping committed) {
    position = committed.position();
    committed.remembered().forEach(this::adopt);
    committed.droppedNextIds().forEach(nextIds::remove);
    nextIds.putAll(committed.nextIds());
    if (!committed.definitions().isEmpty() || !committed.droppedDefinitions().isEmpty()) {
      Map<String, Seq> changed = new HashMap<>(definitions.asMap());
      changed.keySet().removeAll(committed.droppedDefinitions());
      changed.putAll(committed.definitions());
      definitions = new DefinitionChanges(changed);
    }
    forget(committed.forgetUpTo());
  }

  private void adopt(Remembered write) {
    SessionId session = write.id().session();
    lastWrites.remove(session);
    lastWrites.put(session, new LastWrite(session, write.id().counter(), write.seq()));
  }

  /** The map is in the order of its seqs, so the oldest come first. */
  private void forget(Seq upTo) {
    Iterator<LastWrite> oldest = lastWrites.values().iterator();
    while (oldest.hasNext() && !oldest.next().seq().isAfter(upTo)) {
      oldest.remove();
    }
  }
}
