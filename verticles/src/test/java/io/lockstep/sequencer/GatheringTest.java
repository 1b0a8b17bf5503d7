package io.lockstep.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Timers;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatheringTest {
  private static final Duration MAX = Duration.ofMillis(9);
  private static final Duration LOG = Duration.ofMillis(2);
  private static final SequencerBounds BOUNDS =
      new SequencerBounds(8, 10_000, 4, 2_000, 1, MAX, Duration.ofMillis(1), 3);

  private final ArrayDeque<Runnable> timers = new ArrayDeque<>();
  private final List<Duration> delays = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private boolean busy;
  private int looks;
  private final Gathering gathering =
      new Gathering(new ByHand(), BOUNDS, () -> busy, () -> looks++);

  @Test
  void a_lone_client_waits_for_nobody() {
    theLogTakes(LOG);
    for (int i = 0; i < 50; i++) {
      comes(1);
      assertFalse(gathering.holds(false));
      entryOf(1);
      passes(Duration.ofMillis(3));
    }
    assertTrue(timers.isEmpty());
  }

  @Test
  void the_first_back_waits_for_the_others_of_the_last_entries() {
    threeClientsInATightLoop();
    comes(2);
    assertTrue(gathering.holds(false));
    comes(1);
    assertTrue(gathering.holds(false));
    comes(3);
    assertFalse(gathering.holds(false));
  }

  @Test
  void who_does_not_come_back_is_waited_for_a_few_times_what_the_log_takes() {
    threeClientsInATightLoop();
    comes(1);
    assertTrue(gathering.holds(false));
    assertTrue(gathering.holds(false), "looking again does not make it longer");
    assertEquals(1, timers.size());
    assertTrue(delays.get(0).compareTo(LOG.multipliedBy(3)) <= 0, delays::toString);
    timers.remove().run();
    assertEquals(1, looks);
    assertFalse(gathering.holds(false));
  }

  @Test
  void who_has_missed_three_entries_is_not_waited_for_again() {
    threeClientsInATightLoop();
    for (int entry = 0; entry < 3; entry++) {
      comes(1);
      comes(2);
      assertTrue(gathering.holds(false));
      entryOf(1, 2);
      passes(Duration.ofMillis(3));
    }
    comes(1);
    assertTrue(gathering.holds(false), "for the second");
    comes(2);
    assertFalse(gathering.holds(false), "the third has gone");
  }

  @Test
  void clients_that_think_for_long_are_not_waited_for() {
    theLogTakes(LOG);
    clientsInALoopOf(Duration.ofMillis(40), 1, 2, 3);
    comes(1);
    assertFalse(gathering.holds(false));
    assertTrue(timers.isEmpty());
  }

  @Test
  void where_processors_are_scarce_somebody_is_waited_for_who_is_likely_to_come() {
    busy = true;
    theLogTakes(LOG);
    clientsInALoopOf(Duration.ofMillis(40), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    comes(1);
    assertTrue(gathering.holds(false));
    assertEquals(List.of(MAX), delays);
    timers.remove().run();
    assertFalse(gathering.holds(false));
  }

  @Test
  void nobody_is_waited_for_who_is_not_likely_to_come() {
    busy = true;
    theLogTakes(LOG);
    clientsInALoopOf(Duration.ofMillis(400), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    comes(1);
    assertFalse(gathering.holds(false));
  }

  @Test
  void a_lone_client_that_thinks_waits_for_nobody() {
    busy = true;
    theLogTakes(LOG);
    for (int i = 0; i < 50; i++) {
      comes(1);
      assertFalse(gathering.holds(false));
      entryOf(1);
      passes(LOG.multipliedBy(6));
    }
  }

  @Test
  void a_client_that_names_each_write_by_a_key_is_not_taken_for_many() {
    busy = true;
    theLogTakes(LOG);
    for (int key = 1; key < 90; key++) {
      gathering.queued(write(SessionId.ofKey(1, key)));
      assertFalse(gathering.holds(false));
      gathering.stamped(List.of(Waiting.of(write(SessionId.ofKey(1, key)))));
      passes(LOG.multipliedBy(2));
    }
  }

  @Test
  void nobody_waits_longer_than_the_bound_even_if_the_log_is_slow() {
    theLogTakes(Duration.ofSeconds(1));
    clientsInALoopOf(Duration.ofMillis(60), 1, 2, 3);
    comes(1);
    assertTrue(gathering.holds(false));
    assertEquals(List.of(MAX), delays);
  }

  @Test
  void nobody_is_waited_for_where_most_proposals_keep_others_waiting() {
    threeClientsInATightLoop();
    for (int i = 0; i < 50; i++) {
      gathering.queued(contended(4));
    }
    assertFalse(gathering.holds(false));
    for (int i = 0; i < 50; i++) {
      gathering.queued(write(4));
    }
    entryOf(4);
    comes(1);
    assertTrue(gathering.holds(false), "others are the most again");
  }

  @Test
  void what_was_contended_before_the_node_was_deposed_is_forgotten() {
    threeClientsInATightLoop();
    for (int i = 0; i < 50; i++) {
      gathering.queued(contended(4));
    }
    gathering.clear();
    IntStream.of(1, 2, 3).forEach(this::comes);
    entryOf(1, 2, 3);
    passes(Duration.ofMillis(4));
    comes(1);
    assertTrue(gathering.holds(false));
  }

  @Test
  void proposals_that_fill_an_entry_do_not_wait() {
    threeClientsInATightLoop();
    comes(1);
    assertFalse(gathering.holds(true));
  }

  @Test
  void sessions_of_before_the_node_was_deposed_are_not_waited_for() {
    threeClientsInATightLoop();
    comes(1);
    gathering.clear();
    comes(2);
    assertFalse(gathering.holds(false));
  }

  private void threeClientsInATightLoop() {
    theLogTakes(LOG);
    clientsInALoopOf(Duration.ofMillis(4), 1, 2, 3);
  }

  private void theLogTakes(Duration time) {
    for (int i = 0; i < 50; i++) {
      gathering.committed(time);
    }
  }

  /** They come back together, so that nobody has waited yet. */
  private void clientsInALoopOf(Duration round, int... clients) {
    for (int i = 0; i < 50; i++) {
      IntStream.of(clients).forEach(this::comes);
      entryOf(clients);
      passes(round);
    }
  }

  private void comes(int client) {
    gathering.queued(write(client));
  }

  private void entryOf(int... clients) {
    gathering.stamped(IntStream.of(clients).mapToObj(one -> Waiting.of(write(one))).toList());
  }

  private void passes(Duration time) {
    now = now.plus(time);
  }

  private static Write write(int client) {
    return write(SessionId.ofConnection(1, client));
  }

  private static Write contended(int client) {
    return write(client).contending().within(Set.of("d")).servedBy(new NodeId("n2"));
  }

  private static Write write(SessionId session) {
    NodeId node = new NodeId("n1");
    return new Write(
        new WriteId(session, 1),
        WriteKind.DML,
        node,
        node,
        new Account("root", "localhost"),
        Seq.NONE,
        List.of(new Step.Statement("", List.of(), Bytes.utf8("x"), Optional.empty())),
        false);
  }

  private final class ByHand implements Timers {
    @Override
    public Timer after(Duration delay, Runnable action) {
      timers.add(action);
      delays.add(delay);
      return () -> timers.remove(action);
    }

    @Override
    public long nanos() {
      return now.toNanos();
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }
  }
}
