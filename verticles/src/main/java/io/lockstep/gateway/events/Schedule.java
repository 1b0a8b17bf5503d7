package io.lockstep.gateway.events;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/** The instants at which an event is due: whole seconds. A value. */
public sealed interface Schedule {
  /**
   * The first instant to run at, for who begins to look after the event at {@code since}.
   *
   * @param changed when the definition was made or changed: earlier instants were another's, and
   *     that very second only counts as the schedule's beginning
   */
  Optional<Instant> first(Instant changed, Instant since);

  /** The first instant after {@code moment}; empty when there is none any more. */
  Optional<Instant> after(Instant moment);

  /** Once, also when that moment is long past: then at once. */
  record Once(Instant at) implements Schedule {
    @Override
    public Optional<Instant> first(Instant changed, Instant since) {
      return Optional.of(at);
    }

    @Override
    public Optional<Instant> after(Instant moment) {
      return Optional.of(at).filter(due -> due.isAfter(moment));
    }
  }

  /**
   * Again and again, counted on the clocks of the event's zone as the server counts (MariaDB:
   * event_data_objects.cc, get_next_time): what falls into an hour that the clocks leave out is due
   * when they jump, what falls into one that they show twice is due the first time. Unlike there,
   * the end of a short month makes no later instant earlier.
   *
   * @param ends the last moment at which an instant counts
   */
  record Every(Instant starts, Optional<Instant> ends, Pace pace, ZoneId zone) implements Schedule {
    @Override
    public Optional<Instant> first(Instant changed, Instant since) {
      if (!starts.isBefore(changed) && !starts.isBefore(since)) {
        return within(starts);
      }
      Instant before = since.minusSeconds(1);
      return after(changed.isAfter(before) ? changed : before);
    }

    @Override
    public Optional<Instant> after(Instant moment) {
      return within(moment.isBefore(starts) ? starts : next(moment));
    }

    private Optional<Instant> within(Instant due) {
      return ends.filter(due::isAfter).isPresent() ? Optional.empty() : Optional.of(due);
    }

    private Instant next(Instant moment) {
      LocalDateTime begin = LocalDateTime.ofInstant(starts, zone);
      LocalDateTime now = LocalDateTime.ofInstant(moment, zone);
      long steps = pace.months() > 0 ? months(begin, now) : seconds(begin, now);
      Instant due = at(begin, steps);
      while (!due.isAfter(moment)) {
        due = at(begin, ++steps);
      }
      return due;
    }

    private long months(LocalDateTime begin, LocalDateTime now) {
      long passed =
          (now.getYear() - begin.getYear()) * 12L + now.getMonthValue() - begin.getMonthValue();
      return passed / pace.months();
    }

    /** The clocks may show less than at the beginning, in the hour that they show twice. */
    private long seconds(LocalDateTime begin, LocalDateTime now) {
      long passed = Duration.between(begin, now).toSeconds();
      return Math.max(0, passed) / pace.seconds() + 1;
    }

    private Instant at(LocalDateTime begin, long steps) {
      LocalDateTime local =
          begin
              .plusMonths(Math.multiplyExact(steps, pace.months()))
              .plusSeconds(Math.multiplyExact(steps, pace.seconds()));
      ZoneRules rules = zone.getRules();
      List<ZoneOffset> offsets = rules.getValidOffsets(local);
      return offsets.isEmpty()
          ? rules.getTransition(local).getInstant()
          : local.toInstant(offsets.get(0));
    }
  }
}
