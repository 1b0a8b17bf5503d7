package io.lockstep.gateway.locks;

import io.lockstep.bus.Timers;
import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user locks of one gateway's sessions. Who has a lock is replicated state; the gateway's life
 * is its lease. While sessions of it hold locks it renews them through the order. Who sees a lock
 * unchanged for {@link #BROKEN_AFTER} takes it away, through the order too and only if it is still
 * unchanged there. A gateway that could not renew for {@link #LOST_AFTER}, which is shorter, ends
 * its sessions that hold locks before anybody else can have got them. Lives on its gateway's
 * context.
 */
public final class UserLocks {
  public static final Duration RENEW_EVERY = Duration.ofSeconds(2);
  public static final Duration LOST_AFTER = Duration.ofSeconds(7);
  public static final Duration BROKEN_AFTER = Duration.ofSeconds(12);

  private static final Logger LOG = LoggerFactory.getLogger(UserLocks.class);

  /** A lock as it was seen, and since when it has been so. */
  private record Seen(LockRow row, long sinceNanos) {}

  /** What a session holds; every row of it is at least as young as {@code renewedAtNanos}. */
  private record Lease(Set<Bytes> names, long renewedAtNanos) {
    Lease renewedAt(long sentNanos) {
      return new Lease(names, Math.max(renewedAtNanos, sentNanos));
    }
  }

  private final String gateway;
  private final LockOrder order;
  private final LockRows rows;
  private final Timers timers;
  private final LongConsumer end;
  private final Map<Long, Lease> held = new HashMap<>();
  private Map<Bytes, Seen> seen = Map.of();
  private long stamp;

  /**
   * @param gateway a name that no other gateway ever has, also not this one after a restart
   * @param end ends the session of a connection id, whose locks may be another's by now
   */
  public UserLocks(
      String gateway, LockOrder order, LockRows rows, Timers timers, LongConsumer end) {
    this.gateway = gateway;
    this.order = order;
    this.rows = rows;
    this.timers = timers;
    this.end = end;
  }

  /** Begins to renew what is held here and to look for what is abandoned elsewhere. */
  public void start() {
    timers.after(RENEW_EVERY, this::tick);
  }

  /** Whether a session may believe that it still has its locks. */
  public boolean isSure(long holder) {
    return lease(holder).filter(this::isLost).isEmpty();
  }

  /** Whether the session has the lock. */
  boolean has(long holder, Bytes name) {
    return lease(holder).filter(lease -> lease.names().contains(name)).isPresent();
  }

  private Optional<Lease> lease(long holder) {
    return Optional.ofNullable(held.get(holder));
  }

  /** Takes a lock if nobody has it. */
  Future<Boolean> take(long holder, Bytes name) {
    long sent = timers.nanos();
    return order
        .take(new LockRow(name, gateway, holder, ++stamp))
        .onSuccess(
            taken -> {
              if (taken) {
                // A lease that the session has already covers this row as well: a renewal that was
                // ordered before the row was there is older than the row.
                held.computeIfAbsent(holder, first -> new Lease(new HashSet<>(), sent))
                    .names()
                    .add(name);
              }
            });
  }

  Future<Boolean> release(long holder, Bytes name) {
    forget(holder, name);
    return order.release(name, gateway, holder);
  }

  Future<Long> releaseAll(long holder) {
    held.remove(holder);
    return order.releaseAll(gateway, holder);
  }

  /** Who has the lock, as far as this node has applied the order. */
  Future<Optional<LockRow>> owner(Bytes name) {
    return rows.read()
        .map(all -> all.stream().filter(lock -> lock.name().equals(name)).findFirst());
  }

  private void forget(long holder, Bytes name) {
    held.computeIfPresent(
        holder,
        (id, lease) -> {
          lease.names().remove(name);
          return lease.names().isEmpty() ? null : lease;
        });
  }

  private void tick() {
    List<Long> lost = held.keySet().stream().filter(holder -> !isSure(holder)).toList();
    if (!lost.isEmpty()) {
      lose(lost);
    }
    if (!held.isEmpty()) {
      renew(List.copyOf(held.keySet()));
    }
    look();
    timers.after(RENEW_EVERY, this::tick);
  }

  private boolean isLost(Lease lease) {
    return timers.nanos() - lease.renewedAtNanos() > LOST_AFTER.toNanos();
  }

  private void lose(List<Long> holders) {
    LOG.warn("user locks could not be renewed: {} sessions that hold some end", holders.size());
    holders.forEach(held::remove);
    holders.forEach(end::accept);
  }

  private void renew(List<Long> holders) {
    long sent = timers.nanos();
    order
        .renew(gateway, holders, ++stamp, () -> renewedAt(sent, holder -> holder < 0))
        .onSuccess(renewed -> renewedAt(sent, holder -> held.containsKey(holder)))
        .onFailure(cause -> LOG.info("user locks were not renewed: {}", cause.getMessage()));
  }

  /**
   * The lease of table locks counts from the place of its renewal on, since a session that fills a
   * table may have it wait for long: what it still wrote without them the order would refuse.
   */
  private void renewedAt(long sent, LongPredicate whose) {
    held.replaceAll((holder, lease) -> whose.test(holder) ? lease.renewedAt(sent) : lease);
  }

  private void look() {
    rows.read()
        .onSuccess(this::compare)
        .onFailure(cause -> LOG.info("user locks cannot be read: {}", cause.getMessage()));
  }

  private void compare(List<LockRow> all) {
    long now = timers.nanos();
    Map<Bytes, Seen> next = new HashMap<>();
    List<LockRow> abandoned = new ArrayList<>();
    for (LockRow row : all) {
      boolean ours = row.gateway().equals(gateway) && has(row.holder(), row.name());
      if (ours) {
        continue;
      }
      Seen before =
          Optional.ofNullable(seen.get(row.name()))
              .filter(known -> known.row().equals(row))
              .orElseGet(() -> new Seen(row, now));
      next.put(row.name(), before);
      if (now - before.sinceNanos() >= BROKEN_AFTER.toNanos()) {
        abandoned.add(row);
      }
    }
    seen = next;
    abandoned.forEach(
        row ->
            order
                .breakUp(row)
                .onSuccess(
                    broken -> {
                      if (broken) {
                        LOG.warn("a user lock that {} left behind is free", row.gateway());
                      }
                    }));
  }
}
