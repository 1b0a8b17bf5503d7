package io.lockstep.chaos.history;

import java.util.List;
import java.util.Objects;

/**
 * One thing that a transaction did to one key, or saw of it.
 *
 * @param values what was read, oldest first; or the one value that was written
 */
public record Operation(Kind kind, int key, List<Long> values) {
  /** What an operation is. */
  public enum Kind {
    /** Puts a value, which nobody else uses for this key, at the end of its list or in its set. */
    APPEND,
    /** Adds to a number. */
    ADD,
    /** Reads a snapshot. */
    PLAIN_READ,
    /** Reads what is committed, under a lock. */
    LOCKING_READ
  }

  public Operation {
    Objects.requireNonNull(kind, "kind");
    values = List.copyOf(values);
    if ((kind == Kind.APPEND || kind == Kind.ADD) && values.size() != 1) {
      throw new IllegalArgumentException("a write has one value");
    }
  }

  public static Operation append(int key, long value) {
    return new Operation(Kind.APPEND, key, List.of(value));
  }

  public static Operation add(int key, long value) {
    return new Operation(Kind.ADD, key, List.of(value));
  }

  public static Operation read(int key, List<Long> values, boolean locking) {
    return new Operation(locking ? Kind.LOCKING_READ : Kind.PLAIN_READ, key, values);
  }

  public boolean isRead() {
    return kind == Kind.PLAIN_READ || kind == Kind.LOCKING_READ;
  }

  public long value() {
    return values.get(0);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case APPEND -> "append " + key + " " + value();
      case ADD -> "add " + key + " " + value();
      case PLAIN_READ -> "read " + key + " " + values;
      case LOCKING_READ -> "lock " + key + " " + values;
    };
  }
}
