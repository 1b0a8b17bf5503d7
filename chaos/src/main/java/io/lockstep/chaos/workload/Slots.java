package io.lockstep.chaos.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A few hot keys. Each is replaced by a fresh one after some writes, so that what it holds stays
 * short however long a run lasts. Safe for many threads.
 */
final class Slots {
  private final int writesMax;
  private final AtomicIntegerArray writes;

  Slots(int count, int writesMax) {
    this.writesMax = writesMax;
    this.writes = new AtomicIntegerArray(count);
  }

  int toRead(Random random) {
    int slot = random.nextInt(writes.length());
    return key(slot, writes.get(slot));
  }

  int toWrite(Random random) {
    int slot = random.nextInt(writes.length());
    return key(slot, writes.getAndIncrement(slot));
  }

  private int key(int slot, int written) {
    return slot + writes.length() * (written / writesMax);
  }
}
