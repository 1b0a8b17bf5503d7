package io.lockstep.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Time that passes only when a test says so. */
public final class ManualTimers implements Timers {
  private static final class Due implements Timer, Comparable<Due> {
    private final long at;
    private final Runnable action;
    private boolean cancelled;

    Due(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Due other) {
      return Long.compare(at, other.at);
    }
  }

  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private long nanos;

  public void pass(Duration time) {
    long until = nanos + time.toNanos();
    while (!due.isEmpty() && due.element().at <= until) {
      Due next = due.remove();
      nanos = next.at;
      if (!next.cancelled) {
        next.action.run();
      }
    }
    nanos = until;
  }

  /** Time passes and nothing runs, as in a process that is stopped. */
  public void standStill(Duration time) {
    nanos += time.toNanos();
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Due timer = new Due(nanos + delay.toNanos(), action);
    due.add(timer);
    return timer;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }
}
