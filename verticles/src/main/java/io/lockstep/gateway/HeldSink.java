package io.lockstep.gateway;

import io.lockstep.mysql.RelaySink;
import io.vertx.core.buffer.Buffer;

/**
 * Holds the beginning of an answer back, so that its statement can be run again as long as nobody
 * has seen anything; a longer one goes on at once. On the session's context.
 */
final class HeldSink implements RelaySink {
  /** Longer answers are not held back. */
  static final int HELD_MAX = 64 << 10;

  private final RelaySink inner;
  private Buffer held = Buffer.buffer();
  private boolean open;

  HeldSink(RelaySink inner) {
    this.inner = inner;
  }

  /** Holds nothing back any more. */
  void letGo() {
    open = true;
    if (held.length() > 0) {
      inner.frames(held);
      held = Buffer.buffer();
    }
  }

  @Override
  public void frames(Buffer frames) {
    if (open) {
      inner.frames(frames);
      return;
    }
    held.appendBuffer(frames);
    if (held.length() > HELD_MAX) {
      letGo();
    }
  }

  @Override
  public boolean full() {
    return open && inner.full();
  }

  @Override
  public void whenDrained(Runnable resume) {
    inner.whenDrained(resume);
  }
}
