package io.lockstep.load;

import static io.lockstep.load.Adverts.N1;
import static io.lockstep.load.Adverts.N2;
import static io.lockstep.load.Adverts.N3;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MasterChooserTest {
  private final ManualTimers timers = new ManualTimers();
  private final LoadBoard board = new LoadBoard(timers);
  private final MasterChooser chooser = new MasterChooser(N1, board);

  @BeforeEach
  void three_idle_nodes() {
    for (NodeId node : new NodeId[] {N1, N2, N3}) {
      board.heard(Adverts.numbered(node, 1));
    }
  }

  @Test
  void arrivals_between_two_adverts_do_not_stampede() {
    assertEquals(Map.of(N1, 10, N2, 10, N3, 10), chosen(30));
  }

  @Test
  void a_new_advert_forgets_what_was_assigned_before_it() {
    chosen(1);
    board.heard(Adverts.numbered(N1, 2));
    assertEquals(Optional.of(N1), chooser.choose().master());
  }

  @Test
  void a_node_that_just_failed_is_left_out() {
    assertEquals(Optional.of(N2), chooser.chooseWithout(Set.of(N1)).master());
  }

  @Test
  void a_node_that_fell_silent_is_not_chosen() {
    timers.pass(LoadBoard.STALE_AFTER.plus(Duration.ofMillis(1)));
    board.heard(Adverts.numbered(N3, 2));
    assertEquals(Map.of(N3, 5), chosen(5));
  }

  @Test
  void the_last_choices_are_remembered_newest_first_and_no_more_than_the_bound() {
    chosen(40);
    board.heard(Adverts.numbered(N1, 2));
    MasterChoice last = chooser.choose();
    assertEquals(last, chooser.recent().get(0));
    assertEquals(MasterChooser.CHOICES_REMEMBERED_MAX, chooser.recent().size());
  }

  private Map<NodeId, Integer> chosen(int sessions) {
    Map<NodeId, Integer> counts = new TreeMap<>();
    for (int i = 0; i < sessions; i++) {
      counts.merge(chooser.choose().master().orElseThrow(), 1, Integer::sum);
    }
    return counts;
  }
}
