package io.lockstep.load;

import static io.lockstep.load.Adverts.N1;
import static io.lockstep.load.Adverts.N2;
import static io.lockstep.load.Adverts.N3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Seq;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DigestComparisonTest {
  @Test
  void equal_digests_suspect_nobody() {
    assertFalse(compare(at(N1, 5, 1), at(N2, 5, 1), at(N3, 5, 1)).differs());
  }

  @Test
  void the_node_that_differs_from_the_majority_is_suspected() {
    DigestComparison found = compare(at(N1, 5, 1), at(N2, 5, 2), at(N3, 5, 1));
    assertEquals(Map.of(N2, new Seq(5)), found.suspected());
    assertEquals(List.of(), found.undecided());
  }

  @Test
  void two_that_differ_are_not_decided_while_the_third_is_silent() {
    DigestComparison found = compare(at(N1, 5, 1), at(N2, 5, 2));
    assertEquals(Map.of(), found.suspected());
    assertEquals(List.of(new Seq(5)), found.undecided());
    assertTrue(found.differs());
  }

  @Test
  void digests_of_different_seqs_are_not_compared() {
    assertFalse(compare(at(N1, 5, 1), at(N2, 6, 2), at(N3, 7, 3)).differs());
  }

  @Test
  void the_first_seq_at_which_a_node_differs_is_named() {
    DigestAt right = new DigestAt(new Seq(5), 1);
    DigestAt rightLater = new DigestAt(new Seq(8), 2);
    DigestComparison found =
        compare(
            Adverts.digests(N1, right, rightLater),
            Adverts.digests(N2, right, rightLater),
            Adverts.digests(N3, new DigestAt(new Seq(8), 9), new DigestAt(new Seq(5), 9)));
    assertEquals(Map.of(N3, new Seq(5)), found.suspected());
  }

  @Test
  void nodes_a_thousand_writes_apart_have_a_seq_in_common() {
    DigestTrail ahead = new DigestTrail();
    DigestTrail behind = new DigestTrail();
    for (long seq = 1; seq <= 51_000; seq++) {
      ahead.passed(new Seq(seq), seq * 31);
      if (seq <= 50_000) {
        behind.passed(new Seq(seq), seq * 31);
      }
    }
    assertTrue(ahead.recent().size() <= DigestTrail.PAIRS_MAX);
    assertTrue(behind.recent().stream().anyMatch(ahead.recent()::contains));
  }

  @Test
  void the_very_latest_write_is_on_the_trail() {
    DigestTrail trail = new DigestTrail();
    trail.passed(new Seq(17), 3);
    assertEquals(List.of(new DigestAt(new Seq(17), 3)), trail.recent());
  }

  private static LoadAdvert at(io.lockstep.model.NodeId node, long seq, long digest) {
    return Adverts.digests(node, new DigestAt(new Seq(seq), digest));
  }

  private static DigestComparison compare(LoadAdvert... adverts) {
    return DigestComparison.of(List.of(adverts), 3);
  }
}
