package io.lockstep.chaos.history;

import io.lockstep.chaos.history.Dependency.Kind;
import io.lockstep.chaos.history.Dependency.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the dependencies between the committed transactions of a history. */
final class Dependencies {
  private final List<Dependency> found = new ArrayList<>();
  private final boolean ownWriteLocks;

  /**
   * Begins with the order of each session, and with each transaction's own two moments.
   *
   * @param ownWriteLocks whether who has written a key keeps others from writing it
   */
  Dependencies(History history, boolean ownWriteLocks) {
    this.ownWriteLocks = ownWriteLocks;
    Map<Integer, Transaction> latest = new HashMap<>();
    history
        .committed()
        .sorted(Comparator.comparingInt(Transaction::number))
        .forEach(
            one -> {
              Transaction before = latest.put(one.session(), one);
              if (before != null) {
                add(Kind.SESSION, commit(before), snapshot(one), "one session, in this order");
              }
              add(Kind.WITHIN, snapshot(one), commit(one), "its snapshot is older than its end");
            });
  }

  private static Moment commit(Transaction one) {
    return new Moment(one, false);
  }

  private static Moment snapshot(Transaction one) {
    return new Moment(one, true);
  }

  private void add(Kind kind, Moment from, Moment to, String reason) {
    if (kind == Kind.WITHIN || !from.transaction().equals(to.transaction())) {
      found.add(new Dependency(kind, from, to, reason));
    }
  }

  void writes(Transaction one, Transaction next, String reason) {
    add(Kind.WRITE_WRITE, commit(one), commit(next), reason);
  }

  /** The reader saw what the writer wrote. */
  void saw(Transaction reader, int operation, Transaction writer, String reason) {
    add(Kind.WRITE_READ, commit(writer), reading(reader, operation), reason);
  }

  /** The reader did not see what the writer wrote. */
  void missed(Transaction reader, int operation, Transaction writer, String reason) {
    add(Kind.READ_WRITE, reading(reader, operation), commit(writer), reason);
  }

  /**
   * A read under a lock, also one that the transaction's own write took, holds until the commit.
   */
  private Moment reading(Transaction reader, int operation) {
    Operation read = reader.operations().get(operation);
    boolean locked =
        read.kind() == Operation.Kind.LOCKING_READ
            || (ownWriteLocks && reader.wrote(read.key(), operation));
    return new Moment(reader, !locked);
  }

  List<Dependency> found() {
    return List.copyOf(found);
  }
}
