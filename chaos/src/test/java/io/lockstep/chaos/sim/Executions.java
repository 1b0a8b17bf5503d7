package io.lockstep.chaos.sim;

import io.lockstep.model.NodeId;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Invariant I2: what the databases have executed. The first database to come to a place says what
 * happens there, and the law says whether it may; every other one must do the same.
 */
final class Executions {
  private final List<Write> order;
  private final List<Content.Row> rows = new ArrayList<>();

  /** By seq: how many rows there are up to it, and the content after it. */
  private final List<Integer> rowsUpTo = new ArrayList<>(List.of(0));

  private final List<Long> digests = new ArrayList<>(List.of(0L));
  private final Map<String, Content.Row> byMeaning = new HashMap<>();
  private final Map<SessionId, Long> lastCounter = new HashMap<>();
  private final Map<TableName, Long> nextId = new HashMap<>();
  private final Map<NodeId, Content> seen = new HashMap<>();
  private long definitionsSeq;

  Executions(List<Write> order) {
    this.order = order;
  }

  Optional<Content.Row> of(String meaning) {
    return Optional.ofNullable(byMeaning.get(meaning));
  }

  int count() {
    return rows.size();
  }

  /** Compares a database with the sequence, from where it was at the last look. */
  Optional<Violation> compare(NodeId node, Content now, Set<String> toldFailed) {
    Content before = seen.get(node);
    if (before == now) {
      return Optional.empty();
    }
    int from = before == null ? 0 : Math.min(before.rowCount(), now.rowCount());
    seen.put(node, now);
    try {
      for (int at = from; at < now.rowCount(); at++) {
        if (at < rows.size()) {
          same(node, now.row(at), rows.get(at));
        } else {
          first(node, now.row(at), toldFailed);
        }
      }
      if (now.intent().isEmpty()) {
        position(node, now);
      }
      return Optional.empty();
    } catch (Violation violation) {
      return Optional.of(violation);
    }
  }

  private static void same(NodeId node, Content.Row row, Content.Row known) {
    if (!row.seq().equals(known.seq())
        || row.insertId() != known.insertId()
        || !Writes.meaning(row.write()).equals(Writes.meaning(known.write()))
        || !row.outcome().equals(known.outcome())) {
      throw new Violation("I2", node + " executed " + row + " where others executed " + known);
    }
  }

  private void first(NodeId node, Content.Row row, Set<String> toldFailed) {
    int seq = (int) row.seq().value();
    String meaning = Writes.meaning(row.write());
    if (!rows.isEmpty() && !row.seq().isAfter(rows.get(rows.size() - 1).seq())) {
      throw new Violation("I2", node + " executed " + row + " out of order");
    }
    if (seq > order.size() || !Writes.meaning(order.get(seq - 1)).equals(meaning)) {
      throw new Violation("I1", node + " executed " + row + ", which is not committed there");
    }
    if (byMeaning.containsKey(meaning)) {
      throw new Violation("I2", meaning + " was executed twice, at last by " + node);
    }
    if (toldFailed.contains(meaning)) {
      throw new Violation("I4", meaning + " was applied after its client was told it failed");
    }
    skipTo(node, seq - 1);
    ids(node, row);
    rows.add(row);
    byMeaning.put(meaning, row);
    lastCounter.merge(row.write().id().session(), row.write().id().counter(), Math::max);
    if (row.write().kind().changesDefinitions()) {
      definitionsSeq = seq;
    }
    rowsUpTo.add(rows.size());
  }

  /** Places without an execution need a reason: a repetition, or definitions that have changed. */
  private void skipTo(NodeId node, int seq) {
    while (rowsUpTo.size() <= seq) {
      int place = rowsUpTo.size();
      if (place > order.size()) {
        throw new Violation("I1", node + " is at " + place + ", which is not committed");
      }
      Write write = order.get(place - 1);
      boolean repeated = lastCounter.getOrDefault(write.id().session(), 0L) >= write.id().counter();
      boolean stale = definitionsSeq > write.basis().value();
      if (!repeated && !stale) {
        throw new Violation("I2", node + " has skipped " + Writes.meaning(write) + " at " + place);
      }
      rowsUpTo.add(rows.size());
    }
  }

  private void ids(NodeId node, Content.Row row) {
    row.write()
        .draw()
        .ifPresent(
            draw -> {
              long expected = nextId.getOrDefault(draw.table(), 1L);
              if (row.insertId() != expected) {
                throw new Violation(
                    "ids", node + " drew " + row.insertId() + " where " + expected + " is next");
              }
              nextId.put(draw.table(), expected + draw.drawn());
            });
  }

  private void position(NodeId node, Content now) {
    int seq = (int) now.position().seq().value();
    skipTo(node, seq);
    if (now.rowCount() != rowsUpTo.get(seq)) {
      throw new Violation(
          "I2",
          node
              + " is at "
              + seq
              + " with "
              + now.rowCount()
              + " executions, not "
              + rowsUpTo.get(seq));
    }
    while (digests.size() <= seq) {
      digests.add(0L);
    }
    long digest = now.position().digest();
    if (seq > 0 && digests.get(seq) == 0) {
      digests.set(seq, digest);
    } else if (seq > 0 && digests.get(seq) != digest) {
      throw new Violation("I7", node + " has another digest at " + seq);
    }
  }
}
