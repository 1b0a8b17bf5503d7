package io.lockstep.log;

import io.lockstep.model.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * A member's copy of the log: slots by index, of which the oldest may be purged and the newest not
 * yet on disk. A crash loses what is not on disk.
 */
final class SlotList {
  private final List<Slot> slots = new ArrayList<>();
  private long first;
  private long durable = -1;
  private Term termBeforeFirst = Term.NONE;

  long first() {
    return first;
  }

  long last() {
    return first + slots.size() - 1;
  }

  long durable() {
    return durable;
  }

  Slot get(long index) {
    return slots.get((int) (index - first));
  }

  /** The term at an index; the place before the first kept entry counts as known. */
  Term termAt(long index) {
    return index == first - 1 ? termBeforeFirst : get(index).term();
  }

  boolean holds(long index) {
    return index >= first && index <= last();
  }

  long add(Slot slot) {
    slots.add(slot);
    return last();
  }

  List<Slot> from(long index, int max) {
    int from = (int) (index - first);
    return List.copyOf(slots.subList(from, Math.min(slots.size(), from + max)));
  }

  void truncateFrom(long index) {
    slots.subList((int) (index - first), slots.size()).clear();
    durable = Math.min(durable, last());
  }

  /**
   * Everything up to {@code index} is on disk, if the log still has {@code slot} there (same index
   * and term).
   */
  void flushed(long index, Slot slot) {
    if (holds(index) && get(index).term().equals(slot.term())) {
      durable = Math.max(durable, index);
    }
  }

  void flushAll() {
    durable = last();
  }

  void crash() {
    if (durable < last()) {
      truncateFrom(durable + 1);
    }
  }

  void purgeTo(long index) {
    if (index >= first) {
      termBeforeFirst = get(index).term();
      slots.subList(0, (int) (index - first + 1)).clear();
      first = index + 1;
    }
  }
}
