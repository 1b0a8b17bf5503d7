package io.lockstep.applier.mariadb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventRunsTest {
  private static final Pattern LITERAL = Pattern.compile("_utf8mb4 0x([0-9a-f]+)");

  /** With readable literals. */
  private static List<String> settled(String sql) {
    return EventRuns.settle(Writes.write(sql), Outcome.Done.ok()).stream()
        .map(statement -> LITERAL.matcher(statement).replaceAll(EventRunsTest::decoded))
        .toList();
  }

  private static String decoded(MatchResult found) {
    return Matcher.quoteReplacement(
        "'" + new String(HexFormat.of().parseHex(found.group(1)), StandardCharsets.UTF_8) + "'");
  }

  private static final String FORGET_E =
      "DELETE FROM lockstep.event_run WHERE event_schema='shop' AND event_name='e'";

  @Test
  void what_an_event_ran_is_forgotten_with_it() {
    assertEquals(List.of(FORGET_E), settled("DROP EVENT IF EXISTS e"));
    assertEquals(
        List.of(FORGET_E),
        settled("CREATE OR REPLACE EVENT e ON SCHEDULE AT NOW() DO DROP EVENT f"));
    assertEquals(
        List.of("DELETE FROM lockstep.event_run WHERE event_schema='x'"),
        settled("DROP DATABASE x"));
  }

  @Test
  void a_new_schedule_begins_anew_and_everything_else_does_not() {
    assertEquals(List.of(FORGET_E), settled("ALTER EVENT shop.e ON SCHEDULE EVERY 1 DAY"));
    assertEquals(List.of(), settled("ALTER EVENT e DISABLE"));
    assertEquals(List.of(), settled("CREATE EVENT IF NOT EXISTS e ON SCHEDULE AT NOW() DO DO 1"));
    assertEquals(List.of(), settled("ALTER EVENT e DO SELECT 'ON SCHEDULE'"));
  }

  @Test
  void it_follows_an_event_to_another_name() {
    assertEquals(
        List.of(
            "UPDATE lockstep.event_run SET event_schema='y', event_name='f'"
                + " WHERE event_schema='shop' AND event_name='e'"),
        settled("ALTER EVENT e RENAME TO y.f"));
  }

  @Test
  void what_did_not_happen_changes_nothing() {
    Outcome failed = new Outcome.Failed(1539, "HY000", "Unknown event 'e'");
    assertEquals(List.of(), EventRuns.settle(Writes.write("DROP EVENT e"), failed));
  }
}
