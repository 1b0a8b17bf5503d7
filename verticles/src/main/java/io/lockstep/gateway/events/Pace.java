package io.lockstep.gateway.events;

import io.lockstep.model.Require;

/**
 * The time from one instant of an event to the next, either so many seconds or so many months.
 *
 * @param months 0 for a pace of seconds
 * @param seconds 0 for a pace of months
 */
public record Pace(long months, long seconds) {
  public Pace {
    Require.that(months >= 0 && seconds >= 0, "time passes forwards");
    Require.that(months == 0 ^ seconds == 0, "a pace is of months or of seconds");
  }

  /**
   * Of an interval as {@code mysql.event} keeps it: weeks as days, quarters as months, two fields
   * as the smaller one (MariaDB: event_data_objects.cc, get_next_time).
   */
  public static Pace of(long value, String field) {
    return switch (field) {
      case "YEAR" -> new Pace(Math.multiplyExact(value, 12), 0);
      case "QUARTER", "MONTH", "YEAR_MONTH" -> new Pace(value, 0);
      case "WEEK", "DAY" -> new Pace(0, Math.multiplyExact(value, 86_400));
      case "HOUR", "DAY_HOUR" -> new Pace(0, Math.multiplyExact(value, 3_600));
      case "MINUTE", "DAY_MINUTE", "HOUR_MINUTE" -> new Pace(0, Math.multiplyExact(value, 60));
      case "SECOND", "DAY_SECOND", "HOUR_SECOND", "MINUTE_SECOND" -> new Pace(0, value);
      default -> throw new IllegalArgumentException("no event has an interval of " + field);
    };
  }
}
