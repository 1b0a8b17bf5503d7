package io.lockstep.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a misspelt key was probably meant to be. */
final class NearestKey {
  /** Keys that differ in more letters than this are no misspelling. */
  private static final int DISTANCE_MAX = 4;

  private NearestKey() {}

  static Optional<String> to(String unknown, Collection<String> known) {
    return known.stream()
        .filter(key -> distance(unknown, key) <= DISTANCE_MAX)
        .min(Comparator.comparingInt((String key) -> distance(unknown, key)).thenComparing(k -> k));
  }

  /** Letters to insert, delete or replace (Levenshtein), row by row. */
  static int distance(String from, String to) {
    var previous = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      var current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                previous[column - 1] + replaced,
                Math.min(previous[column], current[column - 1]) + 1);
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
