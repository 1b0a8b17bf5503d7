package io.lockstep.sql;

import io.lockstep.model.Require;

/** A part of a statement's text: bytes from {@code start} to before {@code end}. */
public record TextRange(int start, int end) {
  public TextRange {
    Require.that(start >= 0 && end >= start, "a range does not run backwards");
  }
}
