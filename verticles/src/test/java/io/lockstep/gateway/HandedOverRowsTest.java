package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.LoopBus;
import io.lockstep.bus.ManualTimers;
import io.lockstep.model.Bytes;
import io.lockstep.model.HandedOver;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.sql.Reach;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandedOverRowsTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final Reach STOCK = Reach.of(Set.of(new TableName("shop", "stock")));

  private final ManualTimers timers = new ManualTimers();
  private final Promise<Seq> applied = Promise.promise();
  private final Bus bus = new LoopBus().of(NODE);
  private final HandedOverRows handedOver =
      new HandedOverRows(bus, timers, new Branches(), node -> applied.future());

  @Test
  void who_asks_for_a_row_that_was_let_go_waits_for_its_write() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    Journal asks = asking("SELECT n FROM stock WHERE id = '7' FOR UPDATE");
    Future<Void> passed = handedOver.passed(NODE, asks);
    assertFalse(passed.isComplete());
    assertTrue(asks.isContended());
    applied.complete(new Seq(9));
    assertTrue(passed.succeeded());
  }

  @Test
  void who_has_locked_it_before_and_is_run_again_waits_too() {
    letGo("DELETE FROM stock WHERE id = 7");
    Journal again = new Journal();
    again.add(Journal.Kind.WRITE, step("UPDATE stock SET n = 1 WHERE id = 7"), STOCK, false);
    assertFalse(handedOver.passed(NODE, again).isComplete());
  }

  @Test
  void other_rows_tables_and_databases_are_not_waited_for() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    Journal other = asking("UPDATE stock SET n = n - 1 WHERE id = 8");
    assertTrue(handedOver.passed(NODE, other).succeeded());
    assertFalse(other.isContended());
    Journal elsewhere = new Journal();
    elsewhere
        .guessed()
        .trying(
            Optional.of(step("UPDATE orders SET n = 0 WHERE id = 7")),
            Set.of(new TableName("shop", "orders")));
    assertTrue(handedOver.passed(NODE, elsewhere).succeeded());
    Journal same = asking("UPDATE stock SET n = 2 WHERE id = 7");
    assertTrue(handedOver.passed(new NodeId("n2"), same).succeeded());
  }

  @Test
  void what_was_let_go_long_ago_is_not_waited_for() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    timers.pass(HandedOverRows.FRESH.plus(Duration.ofMillis(1)));
    assertTrue(handedOver.passed(NODE, asking("DELETE FROM stock WHERE id = 7")).succeeded());
  }

  @Test
  void what_is_applied_is_waited_for_once() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    handedOver.passed(NODE, asking("DELETE FROM stock WHERE id = 7"));
    applied.complete(new Seq(9));
    Journal next = asking("DELETE FROM stock WHERE id = 7");
    assertTrue(handedOver.passed(NODE, next).succeeded());
    assertFalse(next.isContended());
  }

  @Test
  void nobody_waits_for_an_answer_that_does_not_come() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    Future<Void> passed = handedOver.passed(NODE, asking("DELETE FROM stock WHERE id = 7"));
    applied.fail("gone");
    assertTrue(passed.succeeded());
  }

  @Test
  void a_node_that_does_not_answer_is_not_waited_for_longer_than_locks_are_fresh() {
    letGo("UPDATE stock SET n = n - 1 WHERE id = 7");
    Future<Void> passed = handedOver.passed(NODE, asking("DELETE FROM stock WHERE id = 7"));
    timers.pass(HandedOverRows.FRESH.minus(Duration.ofMillis(1)));
    assertFalse(passed.isComplete());
    timers.pass(Duration.ofMillis(2));
    assertTrue(passed.succeeded());
  }

  @Test
  void all_gateways_are_told_unless_there_are_too_many_rows_to_name() {
    List<HandedOver> told = new ArrayList<>();
    bus.hear(Addresses.HANDED_OVER, told::add);
    handedOver.letGo(NODE, Set.of());
    handedOver.letGo(
        NODE, IntStream.rangeClosed(0, HandedOver.ROWS_MAX).boxed().collect(Collectors.toSet()));
    assertEquals(List.of(), told);
    handedOver.letGo(NODE, Set.of(5));
    assertEquals(List.of(new HandedOver(NODE, List.of(5))), told);
  }

  @Test
  void a_statement_of_many_values_is_about_no_row_in_particular() {
    String values =
        IntStream.rangeClosed(0, GuessedRows.VALUES_MAX)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    assertEquals(
        Set.of(), asking("DELETE FROM stock WHERE id IN (" + values + ")").guessed().rows());
    assertEquals(1, asking("DELETE FROM stock WHERE id IN (3)").guessed().rows().size());
  }

  @Test
  void who_is_about_to_lock_a_row_is_after_it_and_who_has_it_already_is_not() {
    Set<Integer> row = asking("DELETE FROM stock WHERE id = 3").guessed().rows();
    Journal journal = asking("SELECT n FROM stock WHERE id = 3 FOR UPDATE");
    assertTrue(journal.guessed().isAfter(row));
    journal.add(
        Journal.Kind.LOCKING_READ,
        step("SELECT n FROM stock WHERE id = 3 FOR UPDATE"),
        STOCK,
        false);
    journal.guessed().trying(Optional.empty(), Set.of());
    assertFalse(journal.guessed().isAfter(row), "its client was told that it has the lock");
    journal.guessed().trying(Optional.of(step("DELETE FROM stock WHERE id = 4")), STOCK.tables());
    assertTrue(journal.guessed().isAfter(row), "it may be run again, with what came before");
    assertFalse(asking("DELETE FROM stock WHERE id = 4").guessed().isAfter(row));
  }

  @Test
  void a_long_statement_is_not_read() {
    String comment = " ".repeat(GuessedRows.SQL_MAX);
    Journal journal = asking("DELETE FROM stock WHERE id = 3" + comment);
    assertEquals(Set.of(), journal.guessed().rows());
  }

  @Test
  void a_statement_that_is_over_and_was_not_kept_names_no_rows() {
    Journal journal = asking("DELETE FROM stock WHERE id = 3");
    assertEquals(1, journal.guessed().rows().size());
    journal.guessed().trying(Optional.empty(), Set.of());
    assertEquals(Set.of(), journal.guessed().rows());
  }

  @Test
  void a_transaction_that_is_over_names_no_rows() {
    Journal journal = asking("DELETE FROM stock WHERE id = 3");
    journal.contended();
    journal.clear();
    assertEquals(Set.of(), journal.guessed().rows());
    assertFalse(journal.isContended());
  }

  private void letGo(String sql) {
    handedOver.hear(new HandedOver(NODE, List.copyOf(asking(sql).guessed().rows())));
  }

  private static Journal asking(String sql) {
    Journal journal = new Journal();
    journal.guessed().trying(Optional.of(step(sql)), STOCK.tables());
    return journal;
  }

  private static Step.Statement step(String sql) {
    return new Step.Statement("shop", List.of(), Bytes.utf8(sql), Optional.empty());
  }
}
