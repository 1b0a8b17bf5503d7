package io.lockstep.load;

import io.lockstep.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses masters for this node's new sessions from the board, counting what it has itself assigned
 * since each advert, and remembers its last choices. Chooses on one context; {@link #recent} may be
 * read on any thread.
 */
public final class MasterChooser {
  public static final int CHOICES_REMEMBERED_MAX = 16;

  private record Assigned(long advertCount, int sessions) {
    Assigned andOneOn(long count) {
      return count == advertCount ? new Assigned(count, sessions + 1) : new Assigned(count, 1);
    }
  }

  private final NodeId self;
  private final LoadBoard board;
  private final Map<NodeId, Assigned> assigned = new HashMap<>();
  private final Latest<List<MasterChoice>> recent = new Latest<>(List.of());

  public MasterChooser(NodeId self, LoadBoard board) {
    this.self = self;
    this.board = board;
  }

  /** Chooses a master and counts the session as assigned to it. */
  public MasterChoice choose() {
    return chooseWithout(Set.of());
  }

  /** The same, among the nodes that are not in {@code failed}: they were just seen to fail. */
  public MasterChoice chooseWithout(Set<NodeId> failed) {
    List<LoadAdvert> adverts =
        board.adverts().stream().filter(advert -> !failed.contains(advert.node())).toList();
    assigned.keySet().removeIf(node -> board.of(node).isEmpty());
    List<MasterChoice.Candidate> candidates =
        adverts.stream()
            .map(advert -> new MasterChoice.Candidate(advert, assignedSince(advert)))
            .toList();
    MasterChoice choice = MasterChoice.among(candidates, self);
    choice.master().ifPresent(node -> count(node, adverts));
    recent.set(withNewest(choice, recent.get()));
    return choice;
  }

  /** The last choices, newest first. */
  public List<MasterChoice> recent() {
    return recent.get();
  }

  private int assignedSince(LoadAdvert advert) {
    Assigned known = assigned.getOrDefault(advert.node(), new Assigned(0, 0));
    return known.advertCount == advert.count() ? known.sessions : 0;
  }

  private void count(NodeId node, List<LoadAdvert> adverts) {
    adverts.stream()
        .filter(advert -> advert.node().equals(node))
        .forEach(
            advert ->
                assigned.put(
                    node,
                    assigned
                        .getOrDefault(node, new Assigned(advert.count(), 0))
                        .andOneOn(advert.count())));
  }

  private static List<MasterChoice> withNewest(MasterChoice newest, List<MasterChoice> before) {
    List<MasterChoice> after = new ArrayList<>();
    after.add(newest);
    after.addAll(before.subList(0, Math.min(before.size(), CHOICES_REMEMBERED_MAX - 1)));
    return List.copyOf(after);
  }
}
