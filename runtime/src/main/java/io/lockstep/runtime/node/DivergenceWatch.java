package io.lockstep.runtime.node;

import io.lockstep.load.DigestComparison;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the nodes say their writes did (invariant I7). A node that differs from the
 * majority stops serving and stays so until it is rebuilt. Runs on the board's context.
 */
final class DivergenceWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DivergenceWatch.class);

  private final NodeId self;
  private final int configured;
  private final LoadBoard board;
  private final Health health;
  private List<Seq> undecidedBefore = List.of();

  DivergenceWatch(NodeId self, int configured, LoadBoard board, Health health) {
    this.self = self;
    this.configured = configured;
    this.board = board;
    this.health = health;
  }

  void heard(LoadAdvert advert) {
    DigestComparison comparison = DigestComparison.of(board.adverts(), configured);
    Optional.ofNullable(comparison.suspected().get(self))
        .ifPresent(
            seq ->
                health.trouble(
                    Health.Concern.DIVERGED,
                    "its outcomes differ from the majority's since seq " + seq + ": rebuild it"));
    if (!comparison.undecided().equals(undecidedBefore)) {
      undecidedBefore = comparison.undecided();
      if (!undecidedBefore.isEmpty()) {
        LOG.error("nodes differ and no majority agrees, at seqs {}", undecidedBefore);
      }
    }
  }
}
