package io.lockstep.load;

import io.lockstep.bus.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Time that passes when a test says so. */
final class ManualTimers implements Timers {
  private record Due(long atNanos, long order, Runnable action) {}

  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
  private long now;
  private long order;

  @Override
  public Timer after(Duration delay, Runnable action) {
    Due one = new Due(now + delay.toNanos(), order++, action);
    due.add(one);
    return () -> due.remove(one);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Instant now() {
    return EPOCH.plusNanos(now);
  }

  void pass(Duration time) {
    long until = now + time.toNanos();
    Optional<Due> first = Optional.ofNullable(due.peek());
    while (first.filter(one -> one.atNanos <= until).isPresent()) {
      Due next = due.remove();
      now = next.atNanos;
      next.action.run();
      first = Optional.ofNullable(due.peek());
    }
    now = until;
  }
}
