package io.lockstep.load;

import java.util.List;

/** What a node knows of itself besides its load. Answers at once, on the advertiser's context. */
public interface SelfReport {
  Progress progress();

  Standing standing();

  /** Digests of recent seqs, see {@link DigestTrail}. */
  List<DigestAt> checkpoints();
}
