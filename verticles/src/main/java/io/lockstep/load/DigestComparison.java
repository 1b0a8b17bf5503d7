package io.lockstep.load;

import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks for a node whose outcomes are not those of the majority (invariant I7). A value.
 *
 * @param suspected nodes that differ from a majority, each with the first seq at which it was seen
 * @param undecided seqs at which nodes differ and no majority agrees
 */
public record DigestComparison(Map<NodeId, Seq> suspected, List<Seq> undecided) {
  public DigestComparison {
    suspected = Map.copyOf(suspected);
    undecided = List.copyOf(undecided);
  }

  /**
   * Compares what the adverts say of the same seqs.
   *
   * @param nodes how many nodes are configured; more than half of them make a majority
   */
  public static DigestComparison of(List<LoadAdvert> adverts, int nodes) {
    TreeMap<Seq, Map<NodeId, Long>> bySeq = new TreeMap<>();
    for (LoadAdvert advert : adverts) {
      for (DigestAt pair : advert.checkpoints()) {
        bySeq.computeIfAbsent(pair.seq(), seq -> new HashMap<>()).put(advert.node(), pair.digest());
      }
    }
    Map<NodeId, Seq> suspected = new HashMap<>();
    List<Seq> undecided = new ArrayList<>();
    bySeq.forEach(
        (seq, digests) -> {
          if (digests.values().stream().distinct().count() < 2) {
            return;
          }
          Optional<Long> right = majority(digests, nodes);
          if (right.isEmpty()) {
            undecided.add(seq);
            return;
          }
          digests.forEach(
              (node, digest) -> {
                if (!digest.equals(right.get())) {
                  suspected.putIfAbsent(node, seq);
                }
              });
        });
    return new DigestComparison(suspected, undecided);
  }

  /** Whether any node differs from any other. */
  public boolean differs() {
    return !suspected.isEmpty() || !undecided.isEmpty();
  }

  private static Optional<Long> majority(Map<NodeId, Long> digests, int nodes) {
    return digests.values().stream()
        .filter(digest -> 2L * digests.values().stream().filter(digest::equals).count() > nodes)
        .findFirst();
  }
}
