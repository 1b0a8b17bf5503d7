package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsJournalTest {
  private static final Bytes FIRST = Bytes.utf8("SET a = 1");
  private static final Bytes SECOND = Bytes.utf8("SET b = 2");

  private final SettingsJournal journal = new SettingsJournal();

  @Test
  void a_statement_that_comes_again_counts_as_the_later_one() {
    journal.add(FIRST);
    journal.add(SECOND);
    journal.add(FIRST);
    assertEquals(List.of(SECOND, FIRST), journal.statements());
  }

  @Test
  void what_held_for_a_while_leaves_nothing_behind() {
    journal.add(FIRST);
    List<Bytes> earlier = journal.statements();
    journal.add(SECOND);
    journal.add(FIRST);
    journal.restore(earlier);
    assertEquals(List.of(FIRST), journal.statements());
  }

  @Test
  void nor_does_it_fill_the_journal() {
    for (int i = 0; i < 10 * SettingsJournal.STATEMENTS_MAX; i++) {
      List<Bytes> earlier = journal.statements();
      assertTrue(journal.add(Bytes.utf8("SET timestamp = " + i)));
      journal.restore(earlier);
    }
    assertEquals(List.of(), journal.statements());
  }

  @Test
  void a_full_journal_says_so() {
    for (int i = 0; i < SettingsJournal.STATEMENTS_MAX; i++) {
      assertTrue(journal.add(Bytes.utf8("SET @@a = " + i)));
    }
    assertFalse(journal.add(FIRST));
  }
}
