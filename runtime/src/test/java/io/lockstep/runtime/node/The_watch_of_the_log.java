package io.lockstep.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.log.HeardLeadership;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_watch_of_the_log {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");

  private final LogWatch watch = new LogWatch(N1, new Health(), new HeardLeadership(), cause -> {});
  private final List<SequencerRecord> told = new ArrayList<>();

  @Test
  void tells_who_leads_and_in_which_term() {
    watch.onLeader(told::add);
    watch.following(new Term(1), Optional.of(N2));
    watch.following(new Term(2), Optional.empty());
    watch.leading(new Term(2), LogIndex.NONE);
    assertEquals(
        List.of(new SequencerRecord(new Term(1), N2), new SequencerRecord(new Term(2), N1)), told);
  }
}
