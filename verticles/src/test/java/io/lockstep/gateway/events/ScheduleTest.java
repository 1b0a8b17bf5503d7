package io.lockstep.gateway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {
  private static final ZoneId UTC = ZoneId.of("+00:00");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");

  private static Instant at(String text) {
    return Instant.parse(text);
  }

  private static Schedule every(long value, String field, String starts, ZoneId zone) {
    return new Schedule.Every(at(starts), Optional.empty(), Pace.of(value, field), zone);
  }

  /** The next {@code count} instants after a moment. */
  private static List<String> after(Schedule schedule, String moment, int count) {
    List<String> instants = new ArrayList<>();
    Optional<Instant> next = schedule.after(at(moment));
    for (int i = 0; i < count && next.isPresent(); i++) {
      instants.add(next.get().toString());
      next = schedule.after(next.get());
    }
    return instants;
  }

  @Test
  void instants_are_counted_from_the_beginning() {
    Schedule schedule = every(90, "HOUR_MINUTE", "2026-03-01T10:00:00Z", UTC);
    assertEquals(
        List.of("2026-03-01T10:00:00Z", "2026-03-01T11:30:00Z"),
        after(schedule, "2026-02-01T00:00:00Z", 2));
    assertEquals(List.of("2026-03-05T01:00:00Z"), after(schedule, "2026-03-05T00:59:59Z", 1));
    assertEquals(List.of("2026-03-05T02:30:00Z"), after(schedule, "2026-03-05T01:00:00Z", 1));
  }

  @Test
  void missed_instants_are_passed_over() {
    Schedule schedule = every(1, "SECOND", "2026-03-01T10:00:00Z", UTC);
    assertEquals(List.of("2026-03-09T00:00:01Z"), after(schedule, "2026-03-09T00:00:00.7Z", 1));
  }

  @Test
  void a_month_that_is_too_short_has_its_last_day_and_the_next_its_own() {
    Schedule schedule = every(1, "MONTH", "2026-01-31T12:00:00Z", UTC);
    assertEquals(
        List.of("2026-02-28T12:00:00Z", "2026-03-31T12:00:00Z", "2026-04-30T12:00:00Z"),
        after(schedule, "2026-01-31T12:00:00Z", 3));
    assertEquals(
        List.of("2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z"),
        after(every(1, "YEAR", "2024-02-29T00:00:00Z", UTC), "2027-05-01T00:00:00Z", 2));
    assertEquals(
        List.of("2026-07-15T00:00:00Z", "2027-01-15T00:00:00Z"),
        after(every(6, "QUARTER", "2026-01-15T00:00:00Z", UTC), "2026-01-15T00:00:00Z", 2));
  }

  @Test
  void days_keep_their_hour_when_the_clocks_change() {
    Schedule daily = every(1, "DAY", "2026-03-27T06:00:00Z", BERLIN);
    assertEquals(
        List.of("2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z"),
        after(daily, "2026-03-27T06:00:00Z", 3));
  }

  @Test
  void what_falls_into_an_hour_that_is_left_out_is_due_when_the_clocks_jump() {
    Schedule daily = every(1, "DAY", "2026-03-28T01:30:00Z", BERLIN);
    assertEquals(
        List.of("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
        after(daily, "2026-03-28T01:30:00Z", 2));
    Schedule halves = every(30, "MINUTE", "2026-03-29T00:00:00Z", BERLIN);
    assertEquals(
        List.of("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"),
        after(halves, "2026-03-29T00:00:00Z", 3));
  }

  @Test
  void an_hour_that_is_shown_twice_counts_once() {
    Schedule halves = every(30, "MINUTE", "2026-10-24T22:00:00Z", BERLIN);
    assertEquals(
        List.of("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z"),
        after(halves, "2026-10-24T23:30:00Z", 3));
    assertEquals(List.of("2026-10-25T02:00:00Z"), after(halves, "2026-10-25T01:10:00Z", 1));
  }

  @Test
  void nothing_is_due_behind_the_end() {
    Schedule schedule =
        new Schedule.Every(
            at("2026-03-01T10:00:00Z"),
            Optional.of(at("2026-03-01T10:00:02Z")),
            Pace.of(2, "SECOND"),
            UTC);
    assertEquals(
        List.of("2026-03-01T10:00:00Z", "2026-03-01T10:00:02Z"),
        after(schedule, "2026-03-01T09:00:00Z", 5));
  }

  @Test
  void a_definition_has_no_instants_from_before_it_was_made() {
    Schedule hourly = every(1, "HOUR", "2026-03-01T10:00:00Z", UTC);
    Instant made = at("2026-03-04T12:00:00Z");
    assertEquals(Optional.of(at("2026-03-04T13:00:00Z")), hourly.first(made, LONG_AGO));
    assertEquals(
        Optional.of(at("2026-03-01T10:00:00Z")),
        hourly.first(at("2026-03-01T10:00:00Z"), LONG_AGO));
    assertEquals(
        Optional.of(at("2026-03-01T10:00:00Z")),
        hourly.first(at("2026-03-01T09:00:00Z"), LONG_AGO));
  }

  @Test
  void who_begins_later_begins_with_what_is_due_then() {
    Schedule hourly = every(1, "HOUR", "2026-03-01T10:00:00Z", UTC);
    Instant made = at("2026-03-01T10:00:00Z");
    assertEquals(
        Optional.of(at("2026-03-04T13:00:00Z")), hourly.first(made, at("2026-03-04T13:00:00Z")));
    assertEquals(
        Optional.of(at("2026-03-04T14:00:00Z")), hourly.first(made, at("2026-03-04T13:00:01Z")));
  }

  @Test
  void what_is_due_once_is_due_also_when_that_is_past() {
    Schedule once = new Schedule.Once(at("2026-03-01T10:00:00Z"));
    assertEquals(
        Optional.of(at("2026-03-01T10:00:00Z")), once.first(LONG_AGO, at("2026-03-09T00:00:00Z")));
    assertEquals(Optional.empty(), once.after(at("2026-03-01T10:00:00Z")));
  }

  @Test
  void no_event_has_an_interval_of_microseconds() {
    assertThrows(IllegalArgumentException.class, () -> Pace.of(1, "MICROSECOND"));
  }
}
