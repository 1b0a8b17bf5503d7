package io.lockstep.chaos.sim;

import java.util.PriorityQueue;

/** Virtual time: what is due happens in the order of its time, then of its being asked for. */
final class SimTime {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> due = new PriorityQueue<>();
  private long now;
  private long asked;

  long now() {
    return now;
  }

  void after(long nanos, Runnable action) {
    due.add(new Event(now + Math.max(0, nanos), asked++, action));
  }

  /** Lets the next event happen. */
  void step() {
    Event next = due.remove();
    now = next.at();
    next.action().run();
  }

  boolean isOver() {
    return due.isEmpty();
  }
}
