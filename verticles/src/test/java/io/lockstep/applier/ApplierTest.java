package io.lockstep.applier;

import static io.lockstep.applier.ApplierBench.OTHER;
import static io.lockstep.applier.ApplierBench.TABLE;
import static io.lockstep.applier.ApplierBench.as;
import static io.lockstep.applier.ApplierBench.drawing;
import static io.lockstep.applier.ApplierBench.told;
import static io.lockstep.applier.ApplierBench.underKey;
import static io.lockstep.applier.ApplierBench.withBasis;
import static io.lockstep.applier.ApplierBench.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.bus.Addresses;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.IdDraw;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Outcome;
import io.lockstep.model.Outcome.Refused.Reason;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplierTest {
  private final ApplierBench bench = new ApplierBench().started();

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(reason);
  }

  @Test
  void writes_are_executed_in_the_order_of_the_log() {
    bench.order(write(1, 1, "a"), write(2, 1, "b"));
    bench.order(write(1, 2, "c"));
    assertEquals(List.of("a", "b", "c"), bench.database.executed());
    assertEquals(new Seq(3), bench.applier().position().seq());
    assertEquals(bench.log.knownCommitted(), bench.applier().position().index());
  }

  @Test
  void a_gateway_hears_what_became_of_the_writes_that_this_node_is_master_of() {
    Write elsewhere = write(2, 1, "b").servedBy(OTHER);
    bench.order(write(1, 1, "a"), elsewhere, write(3, 1, "fail"));
    assertEquals(List.of(1L, 3L), bench.bus.outcomes().stream().map(a -> a.seq().value()).toList());
    assertEquals(new Outcome.Failed(1062, "23000", "Duplicate entry"), bench.outcomes().get(1));
  }

  @Test
  void a_write_that_comes_twice_is_executed_once_and_answered_with_its_first_outcome() {
    bench.order(write(1, 1, "a"), write(1, 1, "a"));
    bench.order(write(1, 1, "a"));
    assertEquals(List.of("a"), bench.database.executed());
    assertEquals(
        List.of(1L, 1L, 1L), bench.bus.outcomes().stream().map(a -> a.seq().value()).toList());
  }

  @Test
  void a_write_that_comes_again_after_a_restart_is_recognised() {
    bench.order(write(1, 1, "a"));
    bench.restart();
    bench.order(write(1, 1, "a"));
    assertEquals(List.of("a"), bench.database.executed());
    assertEquals(2, bench.bus.outcomes().size());
  }

  @Test
  void a_write_whose_session_has_gone_on_is_refused() {
    bench.order(write(1, 2, "b"), write(1, 1, "a"));
    assertEquals(List.of("b"), bench.database.executed());
    assertEquals(refused(Reason.EXPIRED), bench.outcomes().get(1));
    bench.order(write(1, 2, "b"));
    assertInstanceOf(Outcome.Done.class, bench.outcomes().get(2));
  }

  @Test
  void another_request_under_the_same_key_is_refused() {
    bench.order(underKey(write(1, 1, "a"), 5), underKey(write(1, 1, "b"), 9));
    assertEquals(List.of("a"), bench.database.executed());
    assertEquals(refused(Reason.KEY_REUSED), bench.outcomes().get(1));
  }

  @Test
  void a_transaction_runs_in_its_place_between_its_neighbours() {
    bench.order(write(1, 1, "a"), as(write(2, 1, "t"), WriteKind.TRANSACTION), write(3, 1, "b"));
    assertEquals(List.of("a", "t", "b"), bench.database.executed());
  }

  @Test
  void a_transaction_that_no_longer_holds_is_a_conflict_and_stops_nobody() {
    bench.order(
        write(1, 1, "a"), as(write(2, 1, "conflict"), WriteKind.TRANSACTION), write(3, 1, "b"));
    assertEquals(List.of("a", "b"), bench.database.executed());
    assertEquals(refused(Reason.CONFLICT), bench.outcomes().get(1));
  }

  @Test
  void a_conflict_that_comes_again_is_the_same_conflict() {
    Write conflict = as(write(1, 1, "conflict"), WriteKind.TRANSACTION);
    bench.order(conflict);
    bench.restart();
    bench.order(conflict);
    assertEquals(List.of(refused(Reason.CONFLICT), refused(Reason.CONFLICT)), bench.outcomes());
  }

  @Test
  void ids_taken_for_a_transaction_are_nobody_elses() {
    Write taking = as(drawing(write(1, 1, "IDS"), 3, OptionalLong.empty(), false), WriteKind.IDS);
    bench.order(taking, drawing(write(2, 1, "b"), 1, OptionalLong.empty(), false));
    bench.order(taking);
    bench.order(drawing(write(3, 1, "c"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("b#4", "c#5"), bench.database.executed());
    assertEquals(
        List.of(1L, 4L, 1L, 5L),
        bench.outcomes().stream().map(done -> ((Outcome.Done) done).lastInsertId()).toList());
  }

  @Test
  void ids_that_a_transaction_took_ahead_and_did_not_use_are_the_next_ones_again() {
    bench.order(
        as(drawing(write(1, 1, "IDS"), 8, OptionalLong.empty(), false), WriteKind.IDS),
        as(drawing(write(2, 1, "IDS"), 5, OptionalLong.of(3), false), WriteKind.IDS_UNUSED),
        drawing(write(3, 1, "a"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#4"), bench.database.executed());
  }

  @Test
  void ids_that_are_given_back_are_gone_if_others_have_drawn_since() {
    bench.order(
        as(drawing(write(1, 1, "IDS"), 8, OptionalLong.empty(), false), WriteKind.IDS),
        drawing(write(2, 1, "a"), 1, OptionalLong.empty(), false),
        as(drawing(write(3, 1, "IDS"), 5, OptionalLong.of(3), false), WriteKind.IDS_UNUSED),
        drawing(write(4, 1, "b"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#9", "b#10"), bench.database.executed());
  }

  @Test
  void ids_are_not_given_back_once_the_table_may_have_been_emptied() {
    bench.order(
        as(drawing(write(1, 1, "IDS"), 8, OptionalLong.empty(), false), WriteKind.IDS),
        as(write(2, 1, "TRUNCATE TABLE shop.orders"), WriteKind.DDL),
        drawing(withBasis(write(3, 1, "a"), 2), 8, OptionalLong.empty(), false),
        as(
            drawing(withBasis(write(4, 1, "IDS"), 1), 5, OptionalLong.of(3), false),
            WriteKind.IDS_UNUSED),
        drawing(withBasis(write(5, 1, "b"), 2), 1, OptionalLong.empty(), false));
    assertEquals(List.of("TRUNCATE TABLE shop.orders", "a#1", "b#9"), bench.database.executed());
    assertEquals(refused(Reason.STALE), bench.outcomes().get(3));
  }

  @Test
  void ids_that_a_transaction_drew_before_the_table_was_emptied_are_drawn_by_nobody_after_it() {
    bench.order(
        as(drawing(write(1, 1, "IDS"), 8, OptionalLong.empty(), false), WriteKind.IDS),
        as(write(2, 1, "TRUNCATE TABLE shop.orders"), WriteKind.DDL),
        told(drawing(withBasis(write(3, 1, "t"), 2), 2, OptionalLong.empty(), false), 7),
        drawing(withBasis(write(4, 1, "a"), 2), 1, OptionalLong.empty(), false));
    assertEquals("a#9", bench.database.executed().get(2));
  }

  @Test
  void ids_that_are_given_back_are_looked_for_among_the_rows_before_the_next_draw() {
    bench.order(as(drawing(write(1, 1, "IDS"), 8, OptionalLong.empty(), false), WriteKind.IDS));
    bench.database.rowWithId(TABLE, 6);
    bench.order(
        as(drawing(write(2, 1, "IDS"), 5, OptionalLong.of(3), false), WriteKind.IDS_UNUSED),
        drawing(write(3, 1, "a"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#7"), bench.database.executed());
  }

  @Test
  void ids_that_a_transaction_names_move_the_next_one_on() {
    bench.order(drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false));
    bench.order(as(drawing(write(2, 1, "t"), 0, OptionalLong.of(9), false), WriteKind.TRANSACTION));
    bench.order(drawing(write(3, 1, "b"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#1", "t", "b#10"), bench.database.executed());
  }

  @Test
  void ids_that_a_statement_names_first_are_followed_by_those_that_it_draws() {
    bench.order(
        drawing(
            write(1, 1, "a"),
            new IdDraw(TABLE, "id", 1, OptionalLong.of(100), OptionalLong.of(100), true)),
        drawing(write(2, 1, "b"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#101", "b#102"), bench.database.executed());
  }

  @Test
  void an_update_of_ids_moves_the_next_one_behind_the_rows() {
    bench.order(drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false));
    bench.database.rowWithId(TABLE, 70);
    bench.order(
        drawing(write(2, 1, "u"), 0, OptionalLong.of(70), true),
        drawing(write(3, 1, "b"), 1, OptionalLong.empty(), false));
    assertEquals("b#71", bench.database.executed().get(2));
  }

  @Test
  void a_write_analysed_before_a_change_of_definitions_is_stale() {
    bench.order(
        as(write(1, 1, "alter"), WriteKind.DDL), write(2, 1, "a"), withBasis(write(3, 1, "b"), 1));
    assertEquals(List.of("alter", "b"), bench.database.executed());
    assertEquals(refused(Reason.STALE), bench.outcomes().get(1));
  }

  @Test
  void a_write_does_not_mind_definitions_of_schemas_that_it_has_nothing_to_do_with() {
    bench.order(
        as(write(1, 1, "DROP TABLE e.t"), WriteKind.DDL),
        write(2, 1, "a").within(Set.of("other")),
        write(3, 1, "b").within(Set.of("other", "e")));
    assertEquals(List.of("DROP TABLE e.t", "a"), bench.database.executed());
    assertEquals(refused(Reason.STALE), bench.outcomes().get(2));
  }

  @Test
  void a_write_analysed_before_a_table_of_its_schema_was_locked_is_stale() {
    Write lock = as(write(1, 1, "lock"), WriteKind.TABLE_LOCKS).within(Set.of("shop"));
    bench.order(
        write(2, 1, "before").within(Set.of("shop")),
        lock,
        write(3, 1, "a").within(Set.of("shop")),
        write(4, 1, "b").within(Set.of("other")),
        write(5, 1, "anything"),
        withBasis(write(6, 1, "c"), 2).within(Set.of("shop")));
    assertEquals(List.of("before", "lock", "b", "c"), bench.database.executed());
    assertEquals(refused(Reason.STALE), bench.outcomes().get(2));
    assertEquals(refused(Reason.STALE), bench.outcomes().get(4));
    assertEquals(new Seq(2), bench.applier().locked());
    assertEquals(Seq.NONE, bench.applier().position().definitionsSeq());
  }

  @Test
  void tables_that_are_unlocked_make_no_write_stale_that_names_its_schemas() {
    bench.order(
        as(write(1, 1, "unlock"), WriteKind.TABLE_LOCKS).within(Set.of("lockstep")),
        write(2, 1, "a").within(Set.of("shop", "lockstep")));
    assertEquals(List.of("unlock", "a"), bench.database.executed());
    assertEquals(new Seq(1), bench.applier().locked());
  }

  @Test
  void a_statement_whose_ids_would_pass_the_last_one_fails_and_is_not_executed() {
    long near = Long.MAX_VALUE - 3;
    bench.order(
        drawing(write(1, 1, "a"), 0, OptionalLong.of(near), false),
        drawing(write(1, 2, "b"), 3, OptionalLong.empty(), false),
        drawing(write(1, 3, "c"), 2, OptionalLong.empty(), false),
        drawing(write(1, 4, "d"), 1, OptionalLong.empty(), false),
        as(drawing(write(1, 5, "IDS"), 1, OptionalLong.empty(), false), WriteKind.IDS));
    assertEquals(List.of("a", "c#" + (near + 1)), bench.database.executed());
    assertEquals(
        List.of(0, 1467, 0, 1467, 1467),
        bench.outcomes().stream()
            .map(outcome -> outcome.<Integer>fold(d -> 0, failed -> failed.code(), r -> 1))
            .toList());
  }

  @Test
  void ids_that_a_transaction_takes_come_behind_those_that_it_has_named() {
    bench.order(as(drawing(write(1, 1, "IDS"), 1, OptionalLong.of(9), false), WriteKind.IDS));
    bench.order(as(drawing(write(2, 1, "IDS"), 2, OptionalLong.of(3), false), WriteKind.IDS));
    assertEquals(10, ((Outcome.Done) bench.outcomes().get(0)).lastInsertId());
    assertEquals(11, ((Outcome.Done) bench.outcomes().get(1)).lastInsertId());
  }

  @Test
  void a_stale_write_may_come_again_under_the_same_id() {
    bench.order(as(write(1, 1, "alter"), WriteKind.DDL), underKey(write(2, 1, "a"), 5));
    bench.order(withBasis(underKey(write(2, 1, "a"), 5), 2));
    assertEquals(List.of("alter", "a"), bench.database.executed());
    bench.order(underKey(write(2, 1, "a"), 5));
    assertInstanceOf(Outcome.Done.class, bench.outcomes().get(3));
    assertEquals(List.of("alter", "a"), bench.database.executed());
  }

  @Test
  void a_repetition_is_answered_even_when_definitions_have_changed_since() {
    bench.order(write(1, 1, "a"), as(write(2, 1, "alter"), WriteKind.DDL), write(1, 1, "a"));
    assertEquals(List.of("a", "alter"), bench.database.executed());
    assertInstanceOf(Outcome.Done.class, bench.outcomes().get(2));
  }

  @Test
  void neighbouring_rows_share_a_transaction_and_definitions_stand_alone() {
    Write[] many =
        LongStream.rangeClosed(1, 70).mapToObj(i -> write(i, 1, "w" + i)).toArray(Write[]::new);
    bench.order(many);
    assertEquals(List.of(64, 6), bench.database.batches);
  }

  @Test
  void a_gap_in_the_log_stops_the_node() {
    bench.order(write(1, 1, "a"));
    bench.orderStampedWrongly(3, write(1, 2, "c"));
    assertInstanceOf(LogGapException.class, bench.fatal.get(0));
    assertEquals(List.of("a"), bench.database.executed());
    assertTrue(bench.applier().reached(new Seq(2), Duration.ofHours(1)).failed());
  }

  @Test
  void a_stamp_that_comes_twice_stops_the_node() {
    bench.order(write(1, 1, "a"));
    bench.orderStampedWrongly(1, write(1, 2, "b"));
    assertInstanceOf(LogGapException.class, bench.fatal.get(0));
  }

  @Test
  void ids_are_pinned_densely_and_a_failed_write_burns_its_own() {
    bench.order(
        drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false),
        drawing(write(1, 2, "fail"), 1, OptionalLong.empty(), false),
        drawing(write(1, 3, "b"), 2, OptionalLong.empty(), false),
        drawing(write(1, 4, "c"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#1", "b#3", "c#5"), bench.database.executed());
    assertEquals(Optional.of(new NextId(6, true)), bench.database.nextId(TABLE));
  }

  @Test
  void ids_named_by_a_statement_push_the_next_one_on() {
    bench.order(
        drawing(write(1, 1, "a"), 0, OptionalLong.of(10), false),
        drawing(write(1, 2, "b"), 1, OptionalLong.of(3), false),
        drawing(write(1, 3, "c"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a", "b#11", "c#12"), bench.database.executed());
  }

  @Test
  void the_first_draw_from_a_table_looks_at_its_rows() {
    bench.database.rowWithId(TABLE, 41);
    bench.order(drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#42"), bench.database.executed());
  }

  @Test
  void ids_that_only_the_execution_knows_are_looked_up_after_it() {
    bench.order(
        drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false),
        drawing(write(1, 2, "select into"), 4, OptionalLong.of(20), true),
        drawing(write(1, 3, "b"), 1, OptionalLong.empty(), false));
    assertEquals(List.of("a#1", "select into#2", "b#25"), bench.database.executed());
  }

  @Test
  void a_deadlock_in_a_batch_does_not_move_the_ids_twice() {
    bench.database.fail(FakeDatabase.Step.DEADLOCK, 3);
    bench.order(
        drawing(write(1, 1, "a"), 1, OptionalLong.empty(), false),
        drawing(write(2, 1, "b"), 1, OptionalLong.empty(), false));
    bench.pass(Duration.ofSeconds(5));
    assertEquals(List.of("a#1", "b#2"), bench.database.executed());
    assertEquals(Optional.of(new NextId(3, true)), bench.database.nextId(TABLE));
    assertEquals(2, bench.bus.outcomes().size());
  }

  @Test
  void changed_definitions_change_the_next_ids() {
    TableName moved = new TableName("shop", "moved");
    bench.order(drawing(write(1, 1, "a"), 5, OptionalLong.empty(), false));
    bench.order(as(write(2, 1, "rename table orders to moved"), WriteKind.DDL));
    assertEquals(Optional.of(new NextId(6, true)), bench.database.nextId(moved));
    assertEquals(Optional.empty(), bench.database.nextId(TABLE));
    bench.order(withBasis(as(write(2, 2, "drop database shop"), WriteKind.DDL), 2));
    assertEquals(Optional.empty(), bench.database.nextId(moved));
  }

  @Test
  void a_table_that_starts_at_an_id_still_looks_at_its_rows() {
    bench.order(as(write(1, 1, "alter table orders auto_increment = 100"), WriteKind.DDL));
    bench.database.rowWithId(TABLE, 300);
    bench.order(withBasis(drawing(write(1, 2, "a"), 1, OptionalLong.empty(), false), 1));
    assertEquals("a#301", bench.database.executed().get(1));
  }

  @Test
  void a_failed_change_of_definitions_changes_no_ids() {
    bench.order(drawing(write(1, 1, "a"), 5, OptionalLong.empty(), false));
    bench.order(as(write(2, 1, "fail drop table orders"), WriteKind.DDL));
    assertEquals(Optional.of(new NextId(6, true)), bench.database.nextId(TABLE));
  }

  @Test
  void a_checkpoint_reports_the_state_at_its_very_place() {
    bench.order(
        write(1, 1, "a"), as(write(2, 1, "check-7"), WriteKind.CHECKPOINT), write(3, 1, "b"));
    CheckpointReport report =
        bench.bus.told.stream()
            .filter(told -> told.topic().equals(Addresses.CHECKPOINT_REPORT.name()))
            .map(told -> (CheckpointReport) told.message())
            .findFirst()
            .orElseThrow();
    assertEquals("check-7", report.checkpoint());
    assertEquals(new Seq(2), report.seq());
    assertEquals(Map.of("executed", Bytes.utf8("[a]")), report.sorted());
    assertEquals(List.of("a", "b"), bench.database.executed());
  }

  @Test
  void who_waits_for_a_seq_is_told_when_it_is_applied() {
    var reached = bench.applier().reached(new Seq(2), Duration.ofSeconds(1));
    bench.order(write(1, 1, "a"));
    assertFalse(reached.isComplete());
    bench.order(write(1, 2, "b"));
    assertTrue(reached.succeeded());
    assertTrue(bench.applier().reached(bench.log.knownCommitted(), Duration.ZERO).succeeded());
  }

  @Test
  void all_is_applied_where_only_entries_without_a_write_follow() {
    bench.order(write(1, 1, "a"));
    bench.log.changesLeader();
    assertEquals(new Seq(1), new Arrivals(bench.applier(), bench.log).settled().result());
  }

  @Test
  void who_waits_too_long_is_told_so() {
    var reached = bench.applier().reached(new Seq(2), Duration.ofSeconds(1));
    bench.pass(Duration.ofSeconds(2));
    assertInstanceOf(NotReachedException.class, reached.cause());
  }

  @Test
  void the_log_hears_only_of_positions_that_are_on_the_databases_disk() {
    bench.database.fail(FakeDatabase.Step.FLUSH, 1);
    bench.order(write(1, 1, "a"));
    bench.pass(DurablePosition.INTERVAL);
    assertEquals(-1, bench.log.durable.value());
    bench.pass(DurablePosition.INTERVAL);
    assertEquals(bench.log.knownCommitted(), bench.log.durable);
  }

  @Test
  void what_is_committed_during_a_flush_is_not_taken_for_durable() {
    bench.order(write(1, 1, "a"));
    LogIndex before = bench.log.knownCommitted();
    Promise<Void> flush = bench.database.holdFlush();
    bench.pass(DurablePosition.INTERVAL);
    bench.order(write(1, 2, "b"));
    flush.complete();
    assertEquals(before, bench.log.durable);
  }

  @Test
  void a_late_asker_gets_the_first_outcome_from_memory_or_from_the_database() {
    Write asked = write(1, 1, "a");
    bench.order(asked);
    Optional<Applied> fromMemory = bench.applier().outcomeOf(asked.id()).result();
    bench.restart();
    assertEquals(fromMemory, bench.applier().outcomeOf(asked.id()).result());
    assertEquals(Optional.empty(), bench.applier().outcomeOf(write(9, 1, "x").id()).result());
  }

  @Test
  void equal_logs_give_equal_digests_however_they_are_cut_into_batches() {
    ApplierBench other = new ApplierBench().started();
    other.database.fail(FakeDatabase.Step.EXECUTE, 2);
    bench.order(write(1, 1, "a"), write(1, 1, "a"), write(2, 1, "fail"));
    other.order(write(1, 1, "a"));
    other.order(write(1, 1, "a"), write(2, 1, "fail"));
    other.pass(Duration.ofSeconds(5));
    assertEquals(bench.applier().position().digest(), other.applier().position().digest());
    assertEquals(3, bench.applier().recentDigests().size());
  }

  @Test
  void different_outcomes_give_different_digests() {
    ApplierBench other = new ApplierBench().started();
    bench.order(write(1, 1, "a"));
    other.order(write(1, 1, "fail"));
    assertTrue(bench.applier().position().digest() != other.applier().position().digest());
  }
}
