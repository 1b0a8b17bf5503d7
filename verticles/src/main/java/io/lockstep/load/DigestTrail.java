package io.lockstep.load;

import io.lockstep.model.Require;
import io.lockstep.model.Seq;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * The digests of a few recent seqs, chosen so that nodes that are writes or seconds apart still
 * have some in common: the latest seqs, the latest that are multiples of 16, of 256, and so on.
 * Owned by the applier, on its context.
 */
public final class DigestTrail {
  private static final int[] ALIGNMENTS = {1, 16, 256, 4_096, 65_536};
  private static final int KEPT_PER_ALIGNMENT = 4;

  /** The most pairs that {@link #recent} returns. */
  public static final int PAIRS_MAX = 20;

  private final List<Deque<DigestAt>> kept = new ArrayList<>();
  private Seq last = Seq.NONE;

  public DigestTrail() {
    for (int ignored : ALIGNMENTS) {
      kept.add(new ArrayDeque<>(KEPT_PER_ALIGNMENT + 1));
    }
  }

  /** Takes the digest after the write at {@code seq}, which is later than any before. */
  public void passed(Seq seq, long digest) {
    Require.that(seq.isAfter(last), "digests come in order");
    last = seq;
    for (int level = 0; level < ALIGNMENTS.length; level++) {
      if (seq.value() % ALIGNMENTS[level] == 0) {
        Deque<DigestAt> pairs = kept.get(level);
        pairs.addLast(new DigestAt(seq, digest));
        if (pairs.size() > KEPT_PER_ALIGNMENT) {
          pairs.removeFirst();
        }
      }
    }
  }

  /** What is kept, in ascending order, each seq once. */
  public List<DigestAt> recent() {
    TreeMap<Seq, DigestAt> bySeq = new TreeMap<>();
    kept.forEach(pairs -> pairs.forEach(pair -> bySeq.put(pair.seq(), pair)));
    return List.copyOf(bySeq.values());
  }
}
