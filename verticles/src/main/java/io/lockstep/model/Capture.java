package io.lockstep.model;

import java.util.List;
import java.util.function.Function;

/** What a node's database says that a prepared branch has changed. */
public sealed interface Capture {
  <R> R fold(Function<Rows, R> rows, Function<Unusable, R> unusable);

  /**
   * All of it.
   *
   * @param events of the binary log: table maps and rows, in order; none if nothing was changed
   */
  record Rows(List<Bytes> events) implements Capture {
    public static final int EVENTS_MAX = 1 << 20;
    public static final int BYTES_MAX = 64 << 20;

    public Rows {
      events = List.copyOf(events);
      Require.that(events.size() <= EVENTS_MAX, "a capture has at most 2^20 events");
    }

    @Override
    public <R> R fold(Function<Rows, R> rows, Function<Unusable, R> unusable) {
      return rows.apply(this);
    }
  }

  /** It cannot be said in rows; trying again would not help. */
  record Unusable(String reason) implements Capture {
    public Unusable {
      Require.that(!reason.isEmpty(), "a refusal has its reason");
    }

    @Override
    public <R> R fold(Function<Rows, R> rows, Function<Unusable, R> unusable) {
      return unusable.apply(this);
    }
  }
}
