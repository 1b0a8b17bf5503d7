package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CapturedPartsTest {
  private final CapturedParts parts = new CapturedParts();
  private final List<Capture.Part> log = new ArrayList<>();

  private static Bytes row(String text) {
    return Bytes.utf8(text);
  }

  /** What the server logs; part 0 is what has no name. */
  private void logged(int part, String... rows) {
    String name = part == 0 ? "" : CapturedParts.savepoint(part);
    log.add(new Capture.Part(name, List.of(rows).stream().map(CapturedPartsTest::row).toList()));
  }

  private Optional<Map<Integer, List<Bytes>>> assigned() {
    return parts.assign(new Capture.Rows(log));
  }

  @Test
  void the_first_change_belongs_to_the_only_part() {
    parts.begin();
    logged(0, "a");
    assertEquals(Optional.of(Map.of(1, List.of(row("a")))), assigned());
  }

  @Test
  void the_first_change_belongs_to_the_last_part_that_began_in_silence() {
    parts.begin();
    parts.begin();
    parts.begin();
    logged(0, "b");
    logged(3, "c");
    assertEquals(Optional.of(Map.of(2, List.of(row("b")), 3, List.of(row("c")))), assigned());
  }

  @Test
  void what_was_changed_before_the_first_part_belongs_to_none() {
    parts.begin();
    logged(0, "text");
    logged(1, "a");
    assertEquals(Optional.of(Map.of(1, List.of(row("a")))), assigned());
  }

  @Test
  void a_part_without_rows_is_none() {
    parts.begin();
    parts.begin();
    logged(0, "a");
    logged(2);
    assertEquals(Optional.of(Map.of(1, List.of(row("a")))), assigned());
  }

  @Test
  void a_part_that_was_undone_takes_no_rows_of_another() {
    parts.begin();
    parts.client(Verb.SAVEPOINT, "s");
    parts.begin();
    parts.client(Verb.ROLLBACK_TO, "S");
    logged(0, "a");
    assertEquals(Optional.of(Map.of(1, List.of(row("a")))), assigned());
  }

  @Test
  void a_savepoint_stays_when_it_was_gone_back_to_and_hides_what_comes_again() {
    parts.client(Verb.SAVEPOINT, "s");
    parts.begin();
    parts.client(Verb.ROLLBACK_TO, "s");
    parts.begin();
    parts.client(Verb.ROLLBACK_TO, "s");
    parts.begin();
    logged(0, "c");
    assertEquals(Optional.of(Map.of(3, List.of(row("c")))), assigned());
  }

  @Test
  void a_savepoint_set_anew_forgets_where_it_was() {
    parts.client(Verb.SAVEPOINT, "s");
    parts.begin();
    parts.client(Verb.SAVEPOINT, "s");
    parts.begin();
    parts.client(Verb.ROLLBACK_TO, "s");
    logged(0, "a");
    assertEquals(Optional.of(Map.of(1, List.of(row("a")))), assigned());
  }

  @Test
  void a_log_that_shows_what_was_undone_is_not_believed() {
    parts.client(Verb.SAVEPOINT, "s");
    parts.begin();
    parts.client(Verb.ROLLBACK_TO, "s");
    logged(1, "a");
    assertEquals(Optional.empty(), assigned());
  }

  @Test
  void a_log_with_a_part_that_nobody_began_is_not_believed() {
    logged(1, "a");
    assertEquals(Optional.empty(), assigned());
  }
}
