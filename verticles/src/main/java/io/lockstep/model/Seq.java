package io.lockstep.model;

/** A write's global sequence number: 1, 2, 3 … without gaps; 0 is the place before the first. */
public record Seq(long value) implements Comparable<Seq> {
  public static final Seq NONE = new Seq(0);

  public Seq {
    Require.that(value >= 0, "a seq is never negative, was " + value);
  }

  public Seq next() {
    return new Seq(value + 1);
  }

  public Seq plus(long writes) {
    return new Seq(value + writes);
  }

  public boolean isBefore(Seq other) {
    return value < other.value;
  }

  public boolean isAfter(Seq other) {
    return value > other.value;
  }

  @Override
  public int compareTo(Seq other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
