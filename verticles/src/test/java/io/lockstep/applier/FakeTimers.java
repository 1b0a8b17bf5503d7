package io.lockstep.applier;

import io.lockstep.bus.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that moves when the test says so. */
final class FakeTimers implements Timers {
  private record Due(long at, Runnable action) {}

  private final List<Due> due = new ArrayList<>();
  private long nanos;

  @Override
  public Timer after(Duration delay, Runnable action) {
    Due timer = new Due(nanos + delay.toNanos(), action);
    due.add(timer);
    return () -> due.remove(timer);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  /** Whoever waited is dead. */
  void forgetAll() {
    due.clear();
  }

  void pass(Duration time) {
    long until = nanos + time.toNanos();
    while (true) {
      var next = due.stream().filter(timer -> timer.at <= until).min(Comparator.comparing(Due::at));
      if (next.isEmpty()) {
        break;
      }
      due.remove(next.get());
      nanos = Math.max(nanos, next.get().at);
      next.get().action.run();
    }
    nanos = until;
  }
}
