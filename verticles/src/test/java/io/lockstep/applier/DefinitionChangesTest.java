package io.lockstep.applier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Seq;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DefinitionChangesTest {
  private final DefinitionChanges changes = new DefinitionChanges(Map.of());

  private boolean since(long basis, String... schemas) {
    return changes.since(new Seq(basis), Set.of(schemas), new Seq(100), new Seq(99));
  }

  private void changed(long seq, String... schemas) {
    changes.changed(Set.of(schemas), new Seq(seq));
  }

  @Test
  void a_write_minds_the_changes_of_its_own_schemas_alone() {
    changed(10, "d", "e");
    assertFalse(since(5, "f"));
    assertTrue(since(9, "e", "f"));
    assertFalse(since(10, "e", "f"));
  }

  @Test
  void a_write_that_names_no_schema_minds_every_change() {
    assertTrue(since(98));
    assertFalse(since(99));
  }

  @Test
  void a_change_of_everything_concerns_every_write() {
    changed(10);
    assertTrue(since(9, "f"));
    assertFalse(since(10, "f"));
  }

  @Test
  void a_basis_before_all_that_is_known_minds_every_change() {
    long at = ReplicatedState.DEDUP_WINDOW + 50;
    assertTrue(changes.since(new Seq(50), Set.of("f"), new Seq(at), new Seq(99)));
    assertFalse(changes.since(new Seq(60), Set.of("f"), new Seq(at), new Seq(99)));
  }

  @Test
  void when_tables_were_last_locked_is_never_forgotten() {
    changes.locked(Set.of("d"), new Seq(10));
    changed(ReplicatedState.DEDUP_WINDOW + 50, "new");
    assertEquals(new Seq(10), changes.locked());
  }

  @Test
  void a_name_that_cannot_be_stored_counts_for_all() {
    changed(10, "i̇".repeat(40));
    assertEquals(Map.of(DefinitionChanges.ALL, new Seq(10)), changes.asMap());
    assertTrue(since(9, "f"));
  }

  @Test
  void what_no_basis_can_lie_before_is_forgotten() {
    changed(9);
    changed(10, "old");
    changed(ReplicatedState.DEDUP_WINDOW + 50, "new");
    assertEquals(Set.of("", "new"), changes.asMap().keySet());
  }

  @Test
  void of_too_many_schemas_the_oldest_counts_for_all() {
    for (int i = 1; i <= DefinitionChanges.SCHEMAS_MAX + 2; i++) {
      changed(i, "s" + i);
    }
    assertEquals(DefinitionChanges.SCHEMAS_MAX, changes.asMap().size());
    assertTrue(changes.since(new Seq(2), Set.of("f"), new Seq(9_000), new Seq(99)));
    assertFalse(changes.since(new Seq(3), Set.of("f"), new Seq(9_000), new Seq(99)));
  }
}
