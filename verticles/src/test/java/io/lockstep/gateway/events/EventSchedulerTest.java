package io.lockstep.gateway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventSchedulerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant MADE = Instant.EPOCH.plusSeconds(100);

  private final ManualTimers clock = new ManualTimers();
  private final ReplicatedEvents order = new ReplicatedEvents();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Node n1 = new Node();
  private final Node n2 = new Node();

  private final class Node {
    private final ReplicatedEvents.Bodies bodies = new ReplicatedEvents.Bodies();
    private boolean leads;

    void start() {
      new EventScheduler(
              new EventScheduler.Ports(clock, () -> leads, order::position, order, order, bodies),
              meters)
          .start();
    }

    int runs() {
      return bodies.begun().size();
    }
  }

  EventSchedulerTest() {
    // A moment before the full second, at which everybody looks.
    clock.pass(Duration.ofMillis(99_990));
    n1.leads = true;
    n1.start();
    n2.start();
  }

  private static EventDefinition event(String name, Schedule schedule, Instant changed) {
    return new EventDefinition(
        new EventName("d", name),
        new Account("u", "%"),
        schedule,
        changed,
        false,
        new EventDefinition.Context("+00:00", "", "utf8mb4", "utf8mb4_general_ci"),
        Bytes.utf8("DO 1"));
  }

  private static Schedule every(long seconds) {
    return new Schedule.Every(MADE, Optional.empty(), new Pace(0, seconds), ZoneOffset.UTC);
  }

  private void everySecond() {
    order.define(event("e", every(1), MADE));
  }

  @Test
  void an_event_runs_at_each_of_its_instants_at_the_node_that_sequences() {
    order.define(event("e", every(3), MADE));
    clock.pass(SECOND);
    assertEquals(1, n1.runs());
    clock.pass(Duration.ofSeconds(9));
    assertEquals(4, n1.runs());
    assertEquals(0, n2.runs());
  }

  @Test
  void definitions_are_read_when_some_have_changed() {
    everySecond();
    clock.pass(Duration.ofSeconds(30));
    int reads = order.reads();
    clock.pass(Duration.ofSeconds(30));
    assertEquals(reads, order.reads());
  }

  @Test
  void two_nodes_that_both_believe_to_sequence_run_each_instant_once() {
    n2.leads = true;
    everySecond();
    clock.pass(Duration.ofSeconds(20));
    assertEquals(20, n1.runs() + n2.runs());
  }

  @Test
  void the_next_sequencer_goes_on_without_running_an_instant_twice() {
    everySecond();
    clock.pass(Duration.ofSeconds(5));
    n1.leads = false;
    n2.leads = true;
    clock.pass(Duration.ofSeconds(5));
    assertEquals(5, n1.runs());
    assertEquals(5, n2.runs());
  }

  @Test
  void an_instant_between_two_sequencers_is_run_by_the_second() {
    order.define(event("e", every(60), MADE));
    clock.pass(Duration.ofSeconds(58));
    n1.leads = false;
    clock.pass(Duration.ofSeconds(8));
    n2.leads = true;
    clock.pass(Duration.ofSeconds(3));
    assertEquals(1, n2.runs());
  }

  @Test
  void what_was_due_long_before_the_first_sequencer_is_missed_but_for_what_is_due_once() {
    n1.leads = false;
    order.define(event("e", every(60), MADE));
    order.define(event("once", new Schedule.Once(MADE.plusSeconds(10)), MADE));
    clock.pass(Duration.ofSeconds(90));
    n2.leads = true;
    clock.pass(Duration.ofSeconds(10));
    assertEquals(List.of("once"), n2.bodies.begun());
  }

  @Test
  void what_is_due_once_ends_when_its_body_has() {
    n1.bodies.slow();
    order.define(event("once", new Schedule.Once(MADE.plusSeconds(2)), MADE));
    clock.pass(Duration.ofSeconds(10));
    assertEquals(List.of(), order.ended());
    n1.bodies.finish();
    assertEquals(List.of("once"), order.ended());
    assertEquals(1, n1.runs());
  }

  @Test
  void what_another_node_had_claimed_is_ended_and_not_run() {
    n1.bodies.slow();
    order.define(event("once", new Schedule.Once(MADE.plusSeconds(2)), MADE));
    clock.pass(Duration.ofSeconds(3));
    n1.leads = false;
    n2.leads = true;
    clock.pass(Duration.ofSeconds(3));
    assertEquals(0, n2.runs());
    assertEquals(List.of("once"), order.ended());
  }

  @Test
  void an_event_that_is_made_again_within_its_second_runs_again() {
    EventDefinition now = event("once", new Schedule.Once(MADE), MADE);
    order.define(now);
    clock.pass(SECOND);
    order.define(now);
    clock.pass(SECOND);
    assertEquals(2, n1.runs());
    assertEquals(List.of("once", "once"), order.ended());
  }

  @Test
  void an_event_that_is_replaced_by_the_same_while_it_runs_runs_again() {
    n1.bodies.slow();
    EventDefinition now = event("once", new Schedule.Once(MADE), MADE);
    order.define(now);
    clock.pass(SECOND);
    order.drop("once");
    order.define(now);
    n1.bodies.finish();
    clock.pass(SECOND);
    assertEquals(2, n1.runs());
    assertEquals(List.of(), order.ended());
    n1.bodies.finish();
    assertEquals(List.of("once"), order.ended());
  }

  @Test
  void an_event_is_over_behind_its_end() {
    order.define(
        event(
            "e",
            new Schedule.Every(
                MADE, Optional.of(MADE.plusSeconds(4)), new Pace(0, 2), ZoneOffset.UTC),
            MADE));
    clock.pass(Duration.ofSeconds(10));
    assertEquals(3, n1.runs());
    assertEquals(List.of("e"), order.ended());
  }

  @Test
  void a_claim_against_an_old_definition_is_made_again_against_the_new_one() {
    order.answer(EventOrder.Claim.STALE);
    everySecond();
    clock.pass(SECOND);
    assertEquals(1, n1.runs());
  }

  @Test
  void what_may_have_been_claimed_is_not_run() {
    order.answer(EventOrder.Claim.UNKNOWN);
    everySecond();
    clock.pass(SECOND);
    assertEquals(0, n1.runs());
    clock.pass(SECOND);
    assertEquals(1, n1.runs());
  }

  @Test
  void what_cannot_be_claimed_waits_and_missed_instants_are_not_made_up_for() {
    everySecond();
    clock.pass(SECOND);
    order.cut(true);
    clock.pass(Duration.ofSeconds(30));
    assertEquals(1, n1.runs());
    order.cut(false);
    clock.pass(SECOND);
    assertEquals(2, n1.runs());
  }

  @Test
  void a_failing_body_is_counted_and_the_next_instant_comes() {
    n1.bodies.slow();
    everySecond();
    clock.pass(SECOND);
    n1.bodies.fail();
    clock.pass(SECOND);
    assertEquals(2, n1.runs());
    assertEquals(1, meters.counter("lockstep.events.failures").count());
  }

  @Test
  void bodies_run_beside_each_other_up_to_the_bound() {
    n1.bodies.slow();
    everySecond();
    clock.pass(Duration.ofSeconds(EventScheduler.RUNS_MAX + 5));
    assertEquals(EventScheduler.RUNS_MAX, n1.runs());
    assertTrue(meters.counter("lockstep.events.delays").count() > 0);
    n1.bodies.finish();
    clock.pass(SECOND);
    assertEquals(EventScheduler.RUNS_MAX + 1, n1.runs());
  }

  @Test
  void nothing_runs_while_the_cluster_runs_no_events_and_nothing_is_made_up_for() {
    order.switchTo(false);
    order.define(event("e", every(60), MADE));
    clock.pass(Duration.ofSeconds(65));
    order.switchTo(true);
    clock.pass(Duration.ofSeconds(3));
    assertEquals(0, n1.runs());
    clock.pass(Duration.ofSeconds(60));
    assertEquals(Collections.nCopies(1, "e"), n1.bodies.begun());
  }

  @Test
  void an_event_that_is_made_when_events_are_switched_on_runs_at_once() {
    order.switchTo(false);
    clock.pass(Duration.ofMillis(500));
    order.switchTo(true);
    order.define(event("e", every(3_600), MADE));
    clock.pass(SECOND);
    assertEquals(1, n1.runs());
  }

  @Test
  void an_event_that_is_made_again_in_the_second_of_its_run_begins_again() {
    EventDefinition now = event("e", every(3_600), MADE);
    order.define(now);
    clock.pass(Duration.ofMillis(500));
    order.drop("e");
    order.define(now);
    clock.pass(SECOND);
    assertEquals(2, n1.runs());
  }

  @Test
  void a_dropped_event_runs_no_more() {
    everySecond();
    clock.pass(Duration.ofSeconds(3));
    order.drop("e");
    clock.pass(Duration.ofSeconds(3));
    assertEquals(3, n1.runs());
  }
}
