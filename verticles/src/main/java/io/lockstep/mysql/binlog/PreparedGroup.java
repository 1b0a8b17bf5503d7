package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * What a branch that was prepared has changed.
 *
 * @param events table maps and row events, in order, without checksums
 * @param flaw why they are not all that it has changed, if so
 */
public record PreparedGroup(String xid, List<Bytes> events, Optional<String> flaw) {
  public PreparedGroup {
    events = List.copyOf(events);
  }

  public long length() {
    return events.stream().mapToLong(Bytes::length).sum();
  }
}
