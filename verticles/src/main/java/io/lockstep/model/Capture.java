package io.lockstep.model;

import java.util.List;
import java.util.function.Function;

/** What a node's database says that a prepared branch has changed. */
public sealed interface Capture {
  <R> R fold(Function<Rows, R> rows, Function<Unusable, R> unusable);

  /** What a savepoint's name begins with that begins a part; no client may use such a name. */
  String PART = "lockstep part ";

  /**
   * What was changed between two savepoints that begin parts.
   *
   * @param name of the savepoint before it; empty before the first
   * @param events of the binary log: table maps and rows, in order
   */
  record Part(String name, List<Bytes> events) {
    public static final int EVENTS_MAX = 1 << 20;

    public Part {
      events = List.copyOf(events);
      Require.that(events.size() <= EVENTS_MAX, "a part has at most 2^20 events");
    }
  }

  /**
   * All of it.
   *
   * @param parts in order; one that was begun before anything was changed has no name
   */
  record Rows(List<Part> parts) implements Capture {
    public static final int PARTS_MAX = 1 << 20;
    public static final int BYTES_MAX = 64 << 20;

    public Rows {
      parts = List.copyOf(parts);
      Require.that(parts.size() <= PARTS_MAX, "a capture has at most 2^20 parts");
    }

    /** What one part has changed. */
    public List<Bytes> part(String name) {
      return parts.stream()
          .filter(part -> part.name().equals(name))
          .flatMap(part -> part.events().stream())
          .toList();
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
