package io.lockstep.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.BranchId;
import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.mysql.binlog.Gtids;
import io.lockstep.mysql.binlog.PreparedGroup;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CapturesTest {
  private static final CaptureBounds BOUNDS =
      new CaptureBounds(1_000, 100, 3, Duration.ofSeconds(3));

  private final ManualTimers timers = new ManualTimers();
  private Future<Gtids> end = Future.succeededFuture(Gtids.of("0-1-5"));
  private final Captures captures = new Captures(timers, BOUNDS, () -> end);

  @BeforeEach
  void follow() {
    captures.following(Gtids.of("0-1-4"));
    timers.pass(Duration.ofMinutes(1));
  }

  private static BranchId branch(int number) {
    return new BranchId(BranchId.PREFIX + number);
  }

  private Future<Capture> ask(int number) {
    return captures.of(new CaptureQuestion(branch(number), 1));
  }

  private static PreparedGroup group(int number, int bytes) {
    return new PreparedGroup(branch(number).name(), List.of(part(bytes)), Optional.empty());
  }

  private static Capture rows(int bytes) {
    return new Capture.Rows(List.of(part(bytes)));
  }

  private static Capture.Part part(int bytes) {
    return new Capture.Part("", List.of(Bytes.owning(new byte[bytes])));
  }

  @Test
  void rows_that_are_there_are_given_at_once_and_once() {
    captures.prepared(group(1, 20));
    assertEquals(rows(20), ask(1).result());
    assertTrue(ask(1).failed());
  }

  @Test
  void without_a_log_a_branch_is_refused_for_good_and_not_to_be_asked_for_again() {
    captures.impossible("no log");
    assertEquals(new Capture.Unusable("no log"), ask(1).result());
    captures.following(Gtids.of("0-1-4"));
    assertFalse(ask(1).isComplete());
  }

  @Test
  void rows_that_come_later_are_waited_for() {
    Future<Capture> asked = ask(1);
    captures.reached(Gtids.of("0-1-4"));
    assertFalse(asked.isComplete());
    captures.prepared(group(1, 20));
    assertEquals(rows(20), asked.result());
  }

  @Test
  void a_branch_without_rows_is_known_when_the_log_is_read_to_its_end() {
    Future<Capture> asked = ask(1);
    assertFalse(asked.isComplete());
    captures.reached(Gtids.of("0-1-5"));
    assertEquals(new Capture.Rows(List.of()), asked.result());
  }

  @Test
  void a_branch_prepared_before_the_reader_began_is_never_taken_for_empty() {
    Future<Capture> asked = captures.of(new CaptureQuestion(branch(1), 58_000));
    captures.reached(Gtids.of("0-1-5"));
    assertTrue(asked.failed());
  }

  @Test
  void a_branch_in_a_gap_of_the_reading_is_never_taken_for_empty() {
    captures.interrupted("lost");
    assertTrue(ask(1).failed());
    captures.following(Gtids.of("0-1-5"));
    assertTrue(ask(1).failed());
    timers.pass(Duration.ofSeconds(10));
    assertEquals(new Capture.Rows(List.of()), ask(1).result());
  }

  @Test
  void an_interruption_fails_those_who_wait() {
    Future<Capture> asked = ask(1);
    captures.interrupted("lost");
    assertTrue(asked.failed());
  }

  @Test
  void an_asker_waits_no_longer_than_the_bound() {
    Future<Capture> asked = ask(1);
    timers.pass(BOUNDS.within());
    assertTrue(asked.failed());
  }

  @Test
  void rows_beyond_the_bound_are_forgotten_but_never_taken_for_none() {
    captures.prepared(group(1, 60));
    captures.prepared(group(2, 60));
    captures.reached(Gtids.of("0-1-5"));
    assertTrue(ask(1).failed());
  }

  @Test
  void names_beyond_the_bound_make_the_reader_unsure_of_everything_before() {
    captures.reached(Gtids.of("0-1-5"));
    for (int number = 1; number <= 4; number++) {
      captures.prepared(group(number, 1));
    }
    assertTrue(ask(1).failed());
    timers.pass(Duration.ofSeconds(10));
    assertEquals(new Capture.Rows(List.of()), ask(9).result());
  }

  @Test
  void what_cannot_be_captured_is_told_with_its_reason() {
    captures.prepared(new PreparedGroup(branch(1).name(), List.of(), Optional.of("too much")));
    assertEquals(new Capture.Unusable("too much"), ask(1).result());
  }

  @Test
  void a_database_that_does_not_say_how_far_its_log_goes_fails_the_asker() {
    end = Future.failedFuture("gone");
    assertTrue(ask(1).failed());
  }
}
