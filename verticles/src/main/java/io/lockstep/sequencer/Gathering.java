package io.lockstep.sequencer;

import io.lockstep.bus.Timers;
import io.lockstep.model.SessionId;
import io.lockstep.model.Write;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lets proposals wait for company, since an entry costs about as much whether it holds one write or
 * thirty. Whose company is known: a client that waits for the outcome of each write comes back a
 * little after it. So proposals wait until the sessions whose writes the last entries held are
 * back, but only if such sessions have come back soon lately, not longer than a few times what the
 * log takes for an entry, and never longer than the bound. A lone client waits for nobody.
 *
 * <p>Clients that do more between their writes, such as the statements of a transaction, are not
 * known to be back soon. For those proposals wait where processors are scarce, if on average
 * somebody else's comes meanwhile. On the sequencer's context.
 */
final class Gathering {
  /** A session is expected back if one of this many last entries held a write of it. */
  private static final int ENTRIES_RECALLED = 3;

  /** And for this long, in case no entries follow. */
  private static final long RECALLED_NANOS = Duration.ofMillis(200).toNanos();

  /** Sessions that are recalled; those beyond are not waited for. */
  private static final int SESSIONS_MAX = 4_096;

  /** The weight of one session's return in the average: one part of this many. */
  private static final int WEIGHT = 16;

  /** How many average returns proposals wait: half of the sessions take longer than one. */
  private static final int PATIENCE = 2;

  /** How many times what the log takes they wait at most. */
  private static final int PATIENCE_LOGS = 3;

  /** The same for the company of anybody. */
  private static final int PATIENCE_LOGS_ANYBODY = 6;

  /** With so many more an entry's cost is shared well enough. */
  private static final double ENOUGH = 12;

  /** Where more of the proposals than that keep others waiting, time is short, not processors. */
  private static final double CONTENDED_MAX = 0.5;

  /** The weight of one proposal in how many do. */
  private static final double CONTENDED_WEIGHT = 1.0 / 32;

  /** Nor do they wait at all when the average return takes more than so many times that. */
  private static final int RETURN_LOGS_MAX = 5;

  /** The weight of one entry in the average of the log's time. */
  private static final int ENTRY_WEIGHT = 8;

  /** As short as a timer can be. */
  private static final long SHORTEST_WAIT = Duration.ofMillis(1).toNanos();

  private final Timers timers;
  private final SequencerBounds bounds;
  private final BooleanSupplier busy;
  private final Runnable again;
  private final Arrivals arrivals = new Arrivals();
  private final Set<SessionId> queued = new HashSet<>();

  /** In the order of their last entries. */
  private final Map<SessionId, Stamped> recalled = new LinkedHashMap<>();

  private long entries;
  private int back;
  private long returnNanos;
  private long logNanos;
  private double contended;
  private Optional<Wait> wait = Optional.empty();

  /** A session's last write that was stamped. */
  private static final class Stamped {
    private final long entry;
    private final long at;
    private boolean back;

    private Stamped(long entry, long at) {
      this.entry = entry;
      this.at = at;
    }
  }

  /** One wait for company; until all have come or its time is over. */
  private static final class Wait {
    private final boolean forKnown;
    private boolean over;

    private Wait(boolean forKnown) {
      this.forKnown = forKnown;
    }
  }

  /**
   * @param busy whether the processors have little to spare
   * @param again looks at the queue once more
   */
  Gathering(Timers timers, SequencerBounds bounds, BooleanSupplier busy, Runnable again) {
    this.timers = timers;
    this.bounds = bounds;
    this.busy = busy;
    this.again = again;
  }

  /** A proposal has come. */
  void queued(Write write) {
    if (!write.id().session().isKeyed()) {
      arrivals.came(write.id().session(), timers.nanos());
    }
    contended += CONTENDED_WEIGHT * ((write.contended() ? 1 : 0) - contended);
    queued.add(write.id().session());
    Optional.ofNullable(recalled.get(write.id().session()))
        .filter(last -> !last.back)
        .ifPresent(
            last -> {
              last.back = true;
              back++;
              learn(timers.nanos() - last.at);
            });
  }

  /** What the log took for an entry. */
  void committed(Duration took) {
    logNanos += (took.toNanos() - logNanos) / ENTRY_WEIGHT;
  }

  /**
   * Whether the proposals that are queued wait on.
   *
   * @param full whether they are enough for an entry
   */
  boolean holds(boolean full) {
    long now = timers.nanos();
    if (wait.isEmpty()) {
      forget(now);
    }
    boolean allBack = back == recalled.size();
    if (full || contended > CONTENDED_MAX) {
      return false;
    }
    if (wait.isEmpty()) {
      long patience = allBack ? 0 : patience();
      boolean known = patience >= SHORTEST_WAIT;
      wait = Optional.of(begin(known ? patience : patienceForAnybody(now), known));
    }
    return !wait.get().over && !(wait.get().forKnown && allBack);
  }

  /** Long enough for a fair number of proposals to come; who will bring them is not known. */
  private long patienceForAnybody(long now) {
    if (!busy.getAsBoolean()) {
      return 0;
    }
    long most = Math.min(PATIENCE_LOGS_ANYBODY * logNanos, bounds.gatherMax().toNanos());
    double expected = arrivals.expected(queued, most, now);
    return expected < 1 ? 0 : (long) (most * Math.min(1, ENOUGH / expected));
  }

  /** Clients that think longer than the order takes are not waited for. */
  private long patience() {
    if (returnNanos > RETURN_LOGS_MAX * logNanos) {
      return 0;
    }
    return Math.min(
        Math.min(PATIENCE * returnNanos, PATIENCE_LOGS * logNanos), bounds.gatherMax().toNanos());
  }

  private Wait begin(long nanos, boolean forKnown) {
    Wait begun = new Wait(forKnown);
    begun.over = nanos < SHORTEST_WAIT;
    if (!begun.over) {
      timers.after(
          Duration.ofNanos(nanos),
          () -> {
            begun.over = true;
            again.run();
          });
    }
    return begun;
  }

  /** They are stamped: an entry of them is on its way. */
  void stamped(List<Waiting> entry) {
    wait = Optional.empty();
    entries++;
    long now = timers.nanos();
    for (Waiting one : entry) {
      SessionId session = one.write().id().session();
      queued.remove(session);
      if (!session.isKeyed()) {
        Optional.ofNullable(recalled.remove(session)).ifPresent(this::gone);
        if (recalled.size() < SESSIONS_MAX) {
          recalled.put(session, new Stamped(entries, now));
        }
      }
    }
  }

  /** Nothing is queued any more, and others than this node stamp. */
  void clear() {
    recalled.clear();
    queued.clear();
    back = 0;
    contended = 0;
    wait = Optional.empty();
  }

  private void forget(long now) {
    Iterator<Stamped> oldest = recalled.values().iterator();
    while (oldest.hasNext()) {
      Stamped last = oldest.next();
      if (last.back) {
        continue;
      }
      if (entries - last.entry < ENTRIES_RECALLED && now - last.at < RECALLED_NANOS) {
        return;
      }
      oldest.remove();
      learn(0);
    }
  }

  private void gone(Stamped last) {
    back -= last.back ? 1 : 0;
  }

  private void learn(long sample) {
    returnNanos += (sample - returnNanos) / WEIGHT;
  }
}
