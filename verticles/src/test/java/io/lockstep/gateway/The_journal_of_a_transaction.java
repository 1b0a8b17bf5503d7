package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.Journal.Kind;
import io.lockstep.model.Bytes;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.Reach;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_journal_of_a_transaction {
  private static final Reach A = Reach.of(Set.of(new TableName("d", "a")));
  private static final Reach B = Reach.of(Set.of(new TableName("d", "b")));
  private static final Reach ANYTHING =
      new Reach(
          Set.of(new TableName("d", "c")),
          Set.of(new TableName("d", "c")),
          Set.of(),
          true,
          Set.of());

  private final Journal journal = new Journal();

  private static Step.Statement step(String sql) {
    return new Step.Statement("d", List.of(), Bytes.utf8(sql), Optional.empty());
  }

  private void add(Kind kind, String sql, Reach reach) {
    journal.add(kind, step(sql), reach, false);
  }

  private List<String> ordered() {
    return journal.toOrder().stream().map(one -> ((Step.Statement) one).sql().utf8()).toList();
  }

  @Test
  void orders_nothing_for_what_only_read() {
    add(Kind.READ, "r", A);
    add(Kind.SAVEPOINT, "s", Reach.NONE);
    assertEquals(List.of(), ordered());
  }

  @Test
  void orders_writes_locking_reads_and_savepoints_in_their_order() {
    add(Kind.LOCKING_READ, "l", A);
    add(Kind.SAVEPOINT, "s", Reach.NONE);
    add(Kind.WRITE, "w", B);
    assertEquals(List.of("l", "s", "w"), ordered());
  }

  @Test
  void runs_plain_reads_again_only_for_who_reads_on_in_their_snapshot() {
    add(Kind.READ, "r", A);
    add(Kind.WRITE, "w", B);
    add(Kind.READ, "own", B);
    assertEquals(List.of("w", "own"), again(false, Isolation.REPEATABLE_READ));
    assertEquals(List.of("r", "w", "own"), again(true, Isolation.REPEATABLE_READ));
    assertEquals(List.of("w", "own"), again(true, Isolation.READ_COMMITTED));
  }

  @Test
  void runs_plain_reads_again_that_were_made_under_a_lock() {
    add(Kind.READ, "no table", Reach.NONE);
    add(Kind.LOCKING_READ, "l", A);
    add(Kind.READ, "r", B);
    add(Kind.WRITE, "w", B);
    assertEquals(List.of("l", "r", "w"), again(false, Isolation.REPEATABLE_READ));
    assertEquals(List.of("l", "r", "w"), again(false, Isolation.READ_COMMITTED));
  }

  @Test
  void takes_reads_of_an_older_snapshot_for_free_of_locks() {
    add(Kind.READ, "first", B);
    add(Kind.LOCKING_READ, "l", A);
    add(Kind.READ, "r", B);
    assertEquals(List.of("l"), again(false, Isolation.REPEATABLE_READ));
    assertEquals(List.of("l", "r"), again(false, Isolation.READ_COMMITTED));
  }

  @Test
  void looks_behind_its_locks_until_its_snapshot_is_taken() {
    assertFalse(looks(BranchUse.SNAPSHOT, Isolation.REPEATABLE_READ));
    add(Kind.WRITE, "w", A);
    assertTrue(looks(BranchUse.SNAPSHOT, Isolation.REPEATABLE_READ));
    add(Kind.READ, "r", B);
    assertFalse(looks(BranchUse.SNAPSHOT, Isolation.REPEATABLE_READ));
    assertTrue(looks(BranchUse.SNAPSHOT, Isolation.READ_COMMITTED));
  }

  @Test
  void looks_behind_its_locks_before_all_that_is_ordered_as_rows() {
    add(Kind.READ, "r", B);
    assertFalse(looks(BranchUse.CAPTURED, Isolation.REPEATABLE_READ));
    add(Kind.LOCKING_READ, "l", A);
    assertTrue(looks(BranchUse.CAPTURED, Isolation.REPEATABLE_READ));
    assertFalse(looks(BranchUse.LATEST, Isolation.REPEATABLE_READ));
  }

  private boolean looks(BranchUse use, Isolation level) {
    return journal.first().looksBehindLocks(use, level);
  }

  private List<String> again(boolean snapshot, Isolation level) {
    return journal.again(snapshot, level).stream().map(one -> one.step().sql().utf8()).toList();
  }

  @Test
  void orders_a_plain_read_only_of_what_was_written_or_locked_before_it() {
    add(Kind.READ, "before", A);
    add(Kind.WRITE, "w", A);
    add(Kind.READ, "own", A);
    add(Kind.READ, "other", B);
    add(Kind.LOCKING_READ, "l", B);
    add(Kind.READ, "locked", B);
    assertEquals(List.of("w", "own", "l", "locked"), ordered());
  }

  @Test
  void orders_every_read_behind_what_may_have_written_anything() {
    add(Kind.WRITE, "w", ANYTHING);
    add(Kind.READ, "r", B);
    assertEquals(List.of("w", "r"), ordered());
  }

  @Test
  void orders_a_read_that_may_get_to_anything_once_something_was_written() {
    add(Kind.READ, "before", ANYTHING);
    add(Kind.WRITE, "w", A);
    add(Kind.READ, "r", ANYTHING);
    assertEquals(List.of("w", "r"), ordered());
  }

  @Test
  void orders_every_read_of_a_table_when_all_are_compared() {
    journal.add(Kind.READ, step("r"), A, true);
    journal.add(Kind.READ, step("no table"), Reach.NONE, true);
    add(Kind.WRITE, "w", B);
    assertEquals(List.of("r", "w"), ordered());
  }

  @Test
  void repeats_writes_of_temporary_tables_but_never_orders_them() {
    add(Kind.LOCAL, "t", Reach.NONE);
    assertEquals(List.of(), ordered());
    add(Kind.WRITE, "w", A);
    assertEquals(List.of("w"), ordered());
    assertEquals(List.of(step("t")), journal.local());
    assertEquals(2, journal.entries().size());
  }

  @Test
  void cannot_be_run_again_when_it_holds_too_many_reads_but_still_be_ordered() {
    for (int i = 0; i < Journal.READS_MAX; i++) {
      add(Kind.READ, "r", A);
    }
    assertTrue(journal.complete());
    add(Kind.READ, "one more", A);
    assertFalse(journal.complete());
    add(Kind.WRITE, "w", A);
    assertEquals(List.of("w"), ordered());
  }

  @Test
  void has_room_for_what_one_write_can_carry() {
    assertTrue(journal.hasRoomFor(Journal.BYTES_MAX));
    add(Kind.WRITE, "w", A);
    assertFalse(journal.hasRoomFor(Journal.BYTES_MAX));
  }

  @Test
  void has_room_for_as_many_statements_as_one_write_can_carry() {
    Step.Statement one = step("w");
    for (int i = 0; i < Write.STEPS_MAX - 1; i++) {
      assertTrue(journal.hasRoomFor(1));
      journal.add(Kind.WRITE, one, A, false);
    }
    assertFalse(journal.hasRoomFor(1));
    assertEquals(Write.STEPS_MAX - 1, journal.toOrder().size());
  }

  @Test
  void says_so_when_a_read_that_has_to_be_compared_finds_no_room() {
    add(Kind.WRITE, "w", A);
    Step.Statement large =
        new Step.Statement(
            "d", List.of(), Bytes.utf8("x".repeat((int) Journal.BYTES_MAX)), Optional.empty());
    journal.add(Kind.READ, large, B, false);
    assertFalse(journal.overflowed());
    journal.add(Kind.READ, large, A, false);
    assertTrue(journal.overflowed());
  }

  @Test
  void begins_anew_when_it_is_cleared() {
    add(Kind.WRITE, "w", A);
    journal.clear();
    add(Kind.READ, "r", A);
    assertEquals(List.of(), ordered());
    assertTrue(journal.hasRoomFor(Journal.BYTES_MAX));
  }
}
