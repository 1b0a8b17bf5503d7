package io.lockstep.load;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import java.util.List;

/**
 * What a node tells all others about itself, about twice a second. A hint: no safety rests on it
 * (invariant I1).
 *
 * @param count rises with every advert of this node, also over a restart
 * @param checkpoints digests of recent seqs, to be compared with those of other nodes
 */
public record LoadAdvert(
    NodeId node,
    long count,
    Endpoints endpoints,
    LoadFigures figures,
    Progress progress,
    Standing standing,
    List<DigestAt> checkpoints) {
  public static final int CHECKPOINTS_MAX = DigestTrail.PAIRS_MAX;

  public LoadAdvert {
    checkpoints = List.copyOf(checkpoints);
    Require.that(checkpoints.size() <= CHECKPOINTS_MAX, "an advert has at most 20 checkpoints");
  }
}
