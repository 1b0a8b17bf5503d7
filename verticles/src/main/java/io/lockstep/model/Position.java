package io.lockstep.model;

/**
 * How far a database has executed the log; stored in that database, in the same transaction as the
 * writes.
 *
 * @param seq the last write applied
 * @param index the last log entry of which every write is applied
 * @param digest the digest of every outcome up to {@code seq}, equal on all nodes at the same seq
 * @param definitionsSeq the last applied write that changed definitions or accounts
 */
public record Position(Seq seq, LogIndex index, long digest, Seq definitionsSeq) {
  public static final Position START = new Position(Seq.NONE, LogIndex.NONE, 0, Seq.NONE);

  public Position {
    Require.that(!definitionsSeq.isAfter(seq), "definitions changed no later than the position");
  }
}
