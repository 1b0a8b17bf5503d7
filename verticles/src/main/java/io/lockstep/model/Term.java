package io.lockstep.model;

/** The reign of one sequencer, numbered by the ordered log; 0 is the time before the first. */
public record Term(long value) implements Comparable<Term> {
  public static final Term NONE = new Term(0);

  public Term {
    Require.that(value >= 0, "a term is never negative, was " + value);
  }

  public boolean isAfter(Term other) {
    return value > other.value;
  }

  @Override
  public int compareTo(Term other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
