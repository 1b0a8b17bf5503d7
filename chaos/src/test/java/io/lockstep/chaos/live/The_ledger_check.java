package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_ledger_check {
  private static final Ledger.Row ROW = new Ledger.Row(1, 7);

  @Test
  void accepts_an_acknowledged_row_that_is_there_once() {
    assertEquals(List.of(), found(Ledger.Told.ACKNOWLEDGED, Map.of(ROW, 1)));
  }

  @Test
  void accepts_an_unanswered_row_whether_it_is_there_or_not() {
    assertEquals(List.of(), found(Ledger.Told.UNKNOWN, Map.of(ROW, 1)));
    assertEquals(List.of(), found(Ledger.Told.UNKNOWN, Map.of()));
  }

  @Test
  void finds_an_acknowledged_row_that_is_lost() {
    assertFinds("lost", Ledger.Told.ACKNOWLEDGED, Map.of());
  }

  @Test
  void finds_a_row_that_was_applied_twice() {
    assertFinds("2 times", Ledger.Told.ACKNOWLEDGED, Map.of(ROW, 2));
    assertFinds("2 times", Ledger.Told.UNKNOWN, Map.of(ROW, 2));
  }

  @Test
  void finds_a_row_that_was_refused_and_is_there() {
    assertFinds("refused", Ledger.Told.REFUSED, Map.of(ROW, 1));
  }

  @Test
  void finds_a_row_that_nobody_wrote() {
    assertFinds("nobody", Ledger.Told.UNKNOWN, Map.of(new Ledger.Row(9, 9), 1));
  }

  private static void assertFinds(String what, Ledger.Told told, Map<Ledger.Row, Integer> rows) {
    List<String> violations = found(told, rows);
    assertTrue(violations.stream().anyMatch(text -> text.contains(what)), violations::toString);
  }

  private static List<String> found(Ledger.Told told, Map<Ledger.Row, Integer> rows) {
    Ledger ledger = new Ledger();
    ledger.tell(ROW, told);
    LedgerCheck check = new LedgerCheck(ledger);
    check.compare("n1", rows);
    return check.violations();
  }
}
