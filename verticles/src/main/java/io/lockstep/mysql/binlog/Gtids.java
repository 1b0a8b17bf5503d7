package io.lockstep.mysql.binlog;

import java.util.HashMap;
import java.util.Map;

/**
 * How far a server's binary log goes: the last number in each domain (MariaDB: Global Transaction
 * ID). One server numbers upwards.
 */
public record Gtids(Map<Long, Long> last) {
  public static final Gtids NONE = new Gtids(Map.of());

  public Gtids {
    last = Map.copyOf(last);
  }

  /** Reads {@code @@gtid_binlog_pos}: domain-server-number, with commas between. */
  public static Gtids of(String position) {
    Map<Long, Long> last = new HashMap<>();
    for (String gtid : position.split(",")) {
      if (!gtid.isBlank()) {
        String[] parts = gtid.strip().split("-");
        last.put(Long.valueOf(parts[0]), Long.valueOf(parts[2]));
      }
    }
    return new Gtids(last);
  }

  Gtids with(long domain, long number) {
    Map<Long, Long> more = new HashMap<>(last);
    more.put(domain, number);
    return new Gtids(more);
  }

  /** Whether everything up to {@code other} lies at or before this. */
  public boolean covers(Gtids other) {
    return other.last.entrySet().stream()
        .allMatch(wanted -> last.getOrDefault(wanted.getKey(), 0L) >= wanted.getValue());
  }
}
