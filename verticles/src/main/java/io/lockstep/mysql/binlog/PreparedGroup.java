package io.lockstep.mysql.binlog;

import io.lockstep.model.Capture;
import java.util.List;
import java.util.Optional;

/**
 * What a branch that was prepared has changed.
 *
 * @param parts table maps and row events, in order, without checksums
 * @param flaw why they are not all that it has changed, if so
 */
public record PreparedGroup(String xid, List<Capture.Part> parts, Optional<String> flaw) {
  public PreparedGroup {
    parts = List.copyOf(parts);
  }

  public long length() {
    return parts.stream()
        .flatMap(part -> part.events().stream())
        .mapToLong(event -> event.length())
        .sum();
  }
}
