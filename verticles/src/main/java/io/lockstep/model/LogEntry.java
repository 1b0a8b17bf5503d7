package io.lockstep.model;

import java.util.List;

/**
 * What is appended to the ordered log in one piece: a batch of writes, in order. The first has the
 * place {@code firstSeq}, its neighbour the next. Whoever reads the log counts for itself and stops
 * when the stamp differs from its count.
 *
 * @param term the reign in which it was stamped
 */
public record LogEntry(Term term, Seq firstSeq, List<Write> writes) {
  public static final int WRITES_MAX = 1_024;

  public LogEntry {
    writes = List.copyOf(writes);
    Require.that(firstSeq.value() > 0, "the first seq is 1");
    Require.that(!writes.isEmpty(), "an entry has at least one write");
    Require.that(writes.size() <= WRITES_MAX, "an entry has at most 1024 writes");
  }

  /** The place of the last write. */
  public Seq lastSeq() {
    return firstSeq.plus(writes.size() - 1L);
  }
}
