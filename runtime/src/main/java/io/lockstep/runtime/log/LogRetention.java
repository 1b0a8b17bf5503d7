package io.lockstep.runtime.log;

import io.lockstep.model.LogIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides up to where the log may be purged: whole segments only, only behind what the database
 * holds, and only what lies beyond the bytes and entries to be kept. Looks at the names and sizes
 * of the segment files ({@code log_START-END}, Ratis 3.3.0).
 */
final class LogRetention {
  private static final Pattern CLOSED_SEGMENT = Pattern.compile("log_(\\d+)-(\\d+)");

  private record Segment(long start, long end, long bytes) {}

  private final long keepBytes;
  private final long keepEntries;

  LogRetention(long keepBytes, long keepEntries) {
    this.keepBytes = keepBytes;
    this.keepEntries = keepEntries;
  }

  /** The last index that may go, -1 for none. */
  LogIndex purgeable(Path segments, LogIndex durable) throws IOException {
    long bytes = 0;
    long entries = 0;
    for (Segment segment : newestFirst(segments)) {
      // The entry at the position itself stays: its term answers for what lies before it.
      if ((bytes >= keepBytes || entries >= keepEntries) && segment.end() < durable.value()) {
        return new LogIndex(segment.end());
      }
      bytes += segment.bytes();
      entries += segment.end() - segment.start() + 1;
    }
    return LogIndex.NONE;
  }

  private static List<Segment> newestFirst(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(LogRetention::segment)
          .flatMap(List::stream)
          .sorted(Comparator.comparingLong(Segment::start).reversed())
          .toList();
    }
  }

  private static List<Segment> segment(Path file) {
    Matcher name = CLOSED_SEGMENT.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return List.of();
    }
    long bytes = file.toFile().length();
    return List.of(
        new Segment(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), bytes));
  }
}
