package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.TableName;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ContendedIdsTest {
  private final ManualTimers timers = new ManualTimers();
  private final ContendedIds ids = new ContendedIds(timers);

  private static TableName table(int number) {
    return new TableName("d", "t" + number);
  }

  @Test
  void a_table_is_contended_for_a_while() {
    assertFalse(ids.contended(table(1)));
    ids.are(table(1));
    assertTrue(ids.contended(table(1)));
    assertFalse(ids.contended(table(2)));
    timers.pass(ContendedIds.FOR.minus(Duration.ofMillis(1)));
    assertTrue(ids.contended(table(1)));
    timers.pass(Duration.ofMillis(1));
    assertFalse(ids.contended(table(1)));
  }

  @Test
  void the_table_of_longest_ago_makes_room() {
    for (int i = 0; i < ContendedIds.TABLES_MAX; i++) {
      ids.are(table(i));
    }
    ids.are(table(0));
    ids.are(table(ContendedIds.TABLES_MAX));
    assertTrue(ids.contended(table(0)));
    assertFalse(ids.contended(table(1)));
    assertTrue(ids.contended(table(2)));
  }

  @Test
  void what_a_procedure_drew_last_is_known_of_those_that_were_called_last() {
    assertEquals(Map.of(), ids.drawnBy(table(0)));
    for (int i = 0; i < ContendedIds.PROCEDURES_MAX; i++) {
      ids.drew(table(i), Map.of(table(-1), i));
    }
    assertEquals(Map.of(table(-1), 0), ids.drawnBy(table(0)));
    ids.drew(table(ContendedIds.PROCEDURES_MAX), Map.of());
    assertEquals(Map.of(table(-1), 0), ids.drawnBy(table(0)));
    assertEquals(Map.of(), ids.drawnBy(table(1)));
    ids.drew(table(0), Map.of(table(-1), 7));
    assertEquals(Map.of(table(-1), 7), ids.drawnBy(table(0)));
  }
}
