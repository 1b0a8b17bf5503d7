package io.lockstep.load;

import static io.lockstep.load.Adverts.N1;
import static io.lockstep.load.Adverts.N2;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadBoardTest {
  private final ManualTimers timers = new ManualTimers();
  private final LoadBoard board = new LoadBoard(timers);

  @Test
  void the_latest_advert_of_a_node_replaces_the_one_before() {
    board.heard(Adverts.numbered(N1, 1));
    board.heard(Adverts.numbered(N1, 2));
    assertEquals(List.of(Adverts.numbered(N1, 2)), board.adverts());
  }

  @Test
  void an_advert_that_arrives_late_does_not_replace_a_newer_one() {
    board.heard(Adverts.numbered(N1, 2));
    board.heard(Adverts.numbered(N1, 1));
    assertEquals(Optional.of(Adverts.numbered(N1, 2)), board.of(N1));
  }

  @Test
  void an_advert_is_dropped_when_it_was_not_renewed_in_time() {
    board.heard(Adverts.idle(N1));
    timers.pass(LoadBoard.STALE_AFTER);
    assertEquals(1, board.adverts().size());
    timers.pass(Duration.ofNanos(1));
    assertEquals(List.of(), board.adverts());
    assertEquals(Optional.empty(), board.of(N1));
  }

  @Test
  void a_node_that_is_gone_is_forgotten_at_once_until_it_is_heard_again() {
    List<NodeId> gone = new ArrayList<>();
    board.onGone(gone::add);
    board.heard(Adverts.numbered(N1, 1));
    board.heard(Adverts.numbered(N2, 1));
    board.gone(N1);
    assertEquals(List.of(Adverts.numbered(N2, 1)), board.adverts());
    assertEquals(List.of(N1), gone);
    board.heard(Adverts.numbered(N1, 2));
    assertEquals(Optional.of(Adverts.numbered(N1, 2)), board.of(N1));
  }

  @Test
  void a_node_that_is_silent_is_told_to_be_gone_once() {
    List<NodeId> gone = new ArrayList<>();
    board.onGone(gone::add);
    board.open(new LoopbackBus());
    board.heard(Adverts.numbered(N1, 1));
    timers.pass(LoadBoard.STALE_AFTER);
    assertEquals(List.of(), gone);
    timers.pass(LoadBoard.STALE_AFTER);
    assertEquals(List.of(N1), gone);
  }

  @Test
  void a_node_whose_clock_fell_back_is_heard_again_once_its_old_advert_is_stale() {
    board.heard(Adverts.numbered(N1, 1_000));
    timers.pass(LoadBoard.STALE_AFTER.plusMillis(1));
    board.heard(Adverts.numbered(N1, 7));
    assertEquals(Optional.of(Adverts.numbered(N1, 7)), board.of(N1));
  }

  @Test
  void listeners_hear_news_and_no_repetitions() {
    List<LoadAdvert> heard = new ArrayList<>();
    board.onAdvert(heard::add);
    board.heard(Adverts.numbered(N1, 1));
    board.heard(Adverts.numbered(N1, 1));
    board.heard(Adverts.numbered(N2, 1));
    assertEquals(List.of(Adverts.numbered(N1, 1), Adverts.numbered(N2, 1)), heard);
  }

  @Test
  void the_age_of_an_advert_is_told() {
    board.heard(Adverts.idle(N1));
    timers.pass(Duration.ofMillis(300));
    assertEquals(Duration.ofMillis(300), board.heard().get(0).age());
  }
}
