package io.lockstep.chaos.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** What happened, for whoever must understand a failing seed. Keeps the latest lines. */
final class Story {
  private static final int LINES_MAX = 4_000;

  private final SimTime time;
  private final Deque<String> lines = new ArrayDeque<>();

  Story(SimTime time) {
    this.time = time;
  }

  void tell(Object who, String what) {
    if (lines.size() == LINES_MAX) {
      lines.removeFirst();
    }
    lines.add(
        String.format(
            Locale.ROOT, "%9.4f s  %-8s %s", time.now() / (double) SimTime.SECOND, who, what));
  }

  String last(int count) {
    StringBuilder text = new StringBuilder();
    lines.stream()
        .skip(Math.max(0, lines.size() - count))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
