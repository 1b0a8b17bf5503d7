package io.lockstep.load;

import static io.lockstep.load.Adverts.IDLE;
import static io.lockstep.load.Adverts.LEVEL;
import static io.lockstep.load.Adverts.N1;
import static io.lockstep.load.Adverts.N2;
import static io.lockstep.load.Adverts.N3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.load.MasterChoice.Candidate;
import io.lockstep.load.MasterChoice.Considered;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MasterChoiceTest {
  private static final Progress FAR_BEHIND =
      Progress.of(false, new Term(3), new Seq(100), new Seq(100_000));

  @Test
  void the_node_with_the_idler_processors_is_chosen() {
    LoadFigures busy = new LoadFigures(0.9, 2, 1, 200, 10, 4L << 30);
    assertEquals(N2, chosen(advert(N1, busy), advert(N2, IDLE), advert(N3, busy)));
  }

  @Test
  void the_node_with_fewer_running_threads_is_chosen() {
    LoadFigures busy = new LoadFigures(0.1, 2, 30, 200, 10, 4L << 30);
    assertEquals(N3, chosen(advert(N1, busy), advert(N2, busy), advert(N3, IDLE)));
  }

  @Test
  void the_node_whose_database_answers_faster_is_chosen() {
    LoadFigures slow = new LoadFigures(0.1, 2, 1, 900_000, 10, 4L << 30);
    assertEquals(N2, chosen(advert(N1, slow), advert(N2, IDLE)));
  }

  @Test
  void a_node_short_of_memory_is_avoided() {
    LoadFigures full = new LoadFigures(0.1, 2, 1, 200, 10, 10 << 20);
    assertEquals(N2, chosen(advert(N1, full), advert(N2, IDLE)));
  }

  @Test
  void a_draining_node_is_never_chosen() {
    LoadAdvert draining = Adverts.of(N1, IDLE, LEVEL, new Standing(true, List.of()));
    assertEquals(Optional.empty(), among(draining).master());
    assertEquals("is draining", among(draining).considered().get(0).why());
  }

  @Test
  void a_node_that_does_not_serve_is_never_chosen_and_the_reason_is_told() {
    LoadAdvert out = Adverts.of(N1, IDLE, LEVEL, Standing.notServing("its database is down"));
    MasterChoice choice = among(out, Adverts.idle(N2));
    assertEquals(Optional.of(N2), choice.master());
    assertEquals("does not serve: its database is down", choice.considered().get(1).why());
  }

  @Test
  void a_lagging_node_is_not_chosen_while_another_keeps_up() {
    LoadFigures busy = new LoadFigures(1, 2, 50, 200, 10, 4L << 30);
    LoadAdvert lagging = Adverts.of(N1, IDLE, FAR_BEHIND, Standing.SERVING);
    assertEquals(N2, chosen(lagging, advert(N2, busy)));
  }

  @Test
  void when_all_lag_one_is_still_chosen() {
    LoadAdvert lagging = Adverts.of(N1, IDLE, FAR_BEHIND, Standing.SERVING);
    LoadAdvert out = Adverts.of(N2, IDLE, LEVEL, Standing.notServing("no quorum"));
    assertEquals(N1, chosen(lagging, out));
  }

  @Test
  void between_equals_the_own_node_is_chosen() {
    assertEquals(N1, chosen(Adverts.idle(N3), Adverts.idle(N2), Adverts.idle(N1)));
  }

  @Test
  void what_was_assigned_since_the_advert_counts() {
    MasterChoice choice =
        MasterChoice.among(
            List.of(new Candidate(Adverts.idle(N1), 1), new Candidate(Adverts.idle(N2), 0)), N1);
    assertEquals(Optional.of(N2), choice.master());
  }

  @Test
  void every_candidate_is_explained_the_chosen_one_first() {
    MasterChoice choice = among(Adverts.idle(N3), Adverts.idle(N1), Adverts.idle(N2));
    assertEquals(List.of(N1, N2, N3), choice.considered().stream().map(Considered::node).toList());
    String why = choice.considered().get(0).why();
    assertTrue(why.contains("cpu 10 %") && why.endsWith("this node"), why);
  }

  @Test
  void no_candidates_mean_no_master() {
    assertEquals(Optional.empty(), among().master());
  }

  private static LoadAdvert advert(NodeId node, LoadFigures figures) {
    return Adverts.of(node, figures, LEVEL, Standing.SERVING);
  }

  private static NodeId chosen(LoadAdvert... adverts) {
    return among(adverts).master().orElseThrow();
  }

  private static MasterChoice among(LoadAdvert... adverts) {
    return MasterChoice.among(
        List.of(adverts).stream().map(advert -> new Candidate(advert, 0)).toList(), N1);
  }
}
