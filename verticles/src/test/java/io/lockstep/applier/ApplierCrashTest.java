package io.lockstep.applier;

import static io.lockstep.applier.ApplierBench.as;
import static io.lockstep.applier.ApplierBench.drawing;
import static io.lockstep.applier.ApplierBench.withBasis;
import static io.lockstep.applier.ApplierBench.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.applier.FakeDatabase.Step;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Seq;
import io.lockstep.model.WriteKind;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplierCrashTest {
  private final ApplierBench bench = new ApplierBench().started();

  private void orderAll() {
    bench.order(drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false), write(2, 1, "b"));
    bench.order(as(write(3, 1, "create"), WriteKind.DDL));
    bench.order(
        withBasis(drawing(write(1, 2, "c"), 1, OptionalLong.empty(), false), 3),
        withBasis(write(2, 1, "b"), 0),
        withBasis(write(4, 1, "d"), 3));
  }

  private void assertEverythingOnce() {
    assertEquals(List.of("a#1", "b", "create", "c#2", "d"), bench.database.executed());
    assertEquals(new Seq(6), bench.applier().position().seq());
    assertEquals(bench.applier().position(), bench.database.position());
    assertEquals(List.of(), bench.fatal);
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void a_connection_lost_at_any_step_leaves_every_write_applied_once(Step step) {
    bench.database.fail(step, 2);
    orderAll();
    bench.pass(Duration.ofMinutes(1));
    assertEverythingOnce();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void a_process_that_dies_at_any_step_resumes_with_every_write_applied_once(Step step) {
    bench.database.fail(step, 1);
    orderAll();
    bench.restart();
    bench.pass(Duration.ofMinutes(1));
    assertEverythingOnce();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void a_database_that_falls_back_is_brought_forward_again(Step step) {
    bench.database.fail(step, 1);
    orderAll();
    bench.database.crash();
    bench.order(withBasis(write(5, 1, "e"), 3));
    bench.pass(Duration.ofMinutes(1));
    assertEquals(List.of("a#1", "b", "create", "c#2", "d", "e"), bench.database.executed());
    assertEquals(new Seq(7), bench.applier().position().seq());
  }

  @Test
  void a_database_that_falls_back_within_an_entry_is_brought_forward_again() {
    bench.order(
        write(1, 1, "a"), as(write(2, 1, "create"), WriteKind.DDL), withBasis(write(3, 1, "b"), 2));
    bench.database.crash();
    assertEquals(new Seq(1), bench.database.position().seq());
    bench.restart();
    bench.pass(Duration.ofMinutes(1));
    assertEquals(List.of("a", "create", "b"), bench.database.executed());
  }

  @Test
  void a_database_that_falls_back_after_its_connection_was_lost_is_brought_forward_again() {
    bench.database.fail(Step.COMMIT_AFTER, 1);
    bench.order(write(1, 1, "a"));
    bench.pass(Duration.ofSeconds(1));
    bench.database.crash();
    bench.order(write(1, 2, "b"));
    bench.pass(Duration.ofMinutes(1));
    assertEquals(List.of("a", "b"), bench.database.executed());
    assertEquals(List.of(), bench.fatal);
  }

  @Test
  void a_database_that_falls_back_while_nothing_is_written_is_brought_forward_again() {
    bench.order(write(1, 1, "a"));
    bench.database.crash();
    bench.pass(Duration.ofMinutes(1));
    assertEquals(List.of("a"), bench.database.executed());
  }

  @Test
  void a_database_that_loses_what_it_had_flushed_stops_the_node() {
    bench.order(write(1, 1, "a"));
    bench.pass(DurablePosition.INTERVAL);
    assertTrue(bench.log.durable.isAfter(LogIndex.NONE));
    bench.database.loseEverything();
    bench.order(write(1, 2, "b"));
    bench.pass(Duration.ofMinutes(1));
    assertInstanceOf(DatabaseFellBackException.class, bench.fatal.get(0));
  }

  @Test
  void a_batch_that_was_stored_though_the_answer_was_lost_is_reported_once() {
    bench.database.fail(Step.COMMIT_AFTER, 1);
    bench.order(write(1, 1, "a"));
    bench.pass(Duration.ofSeconds(5));
    assertEquals(1, bench.bus.outcomes().size());
    assertEquals(List.of("a"), bench.database.executed());
  }

  @Test
  void nothing_is_reported_before_it_is_committed() {
    bench.database.fail(Step.COMMIT_BEFORE, 1);
    bench.order(write(1, 1, "a"));
    assertEquals(List.of(), bench.bus.outcomes());
  }

  @Test
  void a_batch_that_never_succeeds_stops_the_node() {
    bench.database.fail(Step.DEADLOCK, Backoff.ATTEMPTS_MAX);
    bench.order(write(1, 1, "a"));
    bench.pass(Duration.ofMinutes(10));
    assertEquals(List.of("a"), bench.database.executed());
    bench.database.fail(Step.DEADLOCK, Backoff.ATTEMPTS_MAX + 1);
    bench.order(write(1, 2, "b"));
    bench.pass(Duration.ofMinutes(10));
    assertEquals(List.of("a"), bench.database.executed());
    assertFalse(bench.fatal.isEmpty());
  }

  @Test
  void an_absent_database_is_waited_for() {
    bench.database.fail(Step.OPEN, 100);
    bench.database.crash();
    bench.order(write(1, 1, "a"));
    bench.pass(Duration.ofMinutes(5));
    assertEquals(List.of("a"), bench.database.executed());
  }
}
