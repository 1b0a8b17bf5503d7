package io.lockstep.chaos.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happened when: acknowledgements counted in slots of 100 ms, and events with their moment.
 * Safe for many threads.
 */
final class Timeline {
  static final int SLOT_MS = 100;
  private static final int SLOTS_MAX = 10 * 60 * 60 * 13;

  /** Something worth a mark in the report, at a moment in ms from the start. */
  record Event(long atMs, String what) {}

  private final long startNanos = System.nanoTime();
  private final AtomicLongArray acknowledged = new AtomicLongArray(SLOTS_MAX);
  private final AtomicLongArray failed = new AtomicLongArray(SLOTS_MAX);
  private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

  long nowMs() {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }

  void mark(String what) {
    events.add(new Event(nowMs(), what));
  }

  void acknowledged() {
    acknowledged.incrementAndGet(slot());
  }

  void failed() {
    failed.incrementAndGet(slot());
  }

  private int slot() {
    return (int) Math.min(SLOTS_MAX - 1, nowMs() / SLOT_MS);
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** Acknowledgements per slot from the start to now. */
  List<Long> throughput() {
    return counts(acknowledged);
  }

  List<Long> failures() {
    return counts(failed);
  }

  private List<Long> counts(AtomicLongArray slots) {
    int end = slot();
    List<Long> counts = new ArrayList<>(end);
    for (int i = 0; i < end; i++) {
      counts.add(slots.get(i));
    }
    return counts;
  }

  /** The longest run of slots without any acknowledgement between two moments, in ms. */
  long longestGapMs(long fromMs, long toMs) {
    long longest = 0;
    long run = 0;
    for (int i = (int) (fromMs / SLOT_MS); i < Math.min(toMs / SLOT_MS, SLOTS_MAX); i++) {
      run = acknowledged.get(i) == 0 ? run + SLOT_MS : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
