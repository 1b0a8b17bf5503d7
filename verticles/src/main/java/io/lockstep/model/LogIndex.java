package io.lockstep.model;

/** The place of one entry in the ordered log; -1 is the place before the first entry. */
public record LogIndex(long value) implements Comparable<LogIndex> {
  public static final LogIndex NONE = new LogIndex(-1);

  public LogIndex {
    Require.that(value >= -1, "a log index is at least -1, was " + value);
  }

  public boolean isAfter(LogIndex other) {
    return value > other.value;
  }

  @Override
  public int compareTo(LogIndex other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
