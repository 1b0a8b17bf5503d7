package io.lockstep.runtime.cluster;

import io.lockstep.bus.Timers;
import io.vertx.core.Completable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks up who listens at an address, and answers with what was found there before when that takes
 * long: while a node hangs, a look-up may take as long as the view takes to miss it. Remembers one
 * answer for each address that it was asked for. Safe on any thread.
 *
 * @param <T> one who listens
 */
final class PatientLookups<T> {
  /** How long it waits for a fresh answer if it has an older one. */
  static final Duration PATIENCE = Duration.ofMillis(100);

  /** The grid's own look-up. */
  interface Lookup<T> {
    void find(String address, Completable<List<T>> found);
  }

  private final Lookup<T> lookup;
  private final Timers timers;
  private final Map<String, List<T>> known = new ConcurrentHashMap<>();

  PatientLookups(Lookup<T> lookup, Timers timers) {
    this.lookup = lookup;
    this.timers = timers;
  }

  /** Answers once, with what is found now or was found the last time. */
  void find(String address, Completable<List<T>> found) {
    AtomicBoolean answered = new AtomicBoolean();
    fresh(
        address,
        (list, failure) -> {
          if (answered.compareAndSet(false, true)) {
            found.complete(list, failure);
          }
        });
    Optional<List<T>> before = Optional.ofNullable(known.get(address));
    if (!answered.get() && before.isPresent()) {
      timers.after(
          PATIENCE,
          () -> {
            if (answered.compareAndSet(false, true)) {
              found.complete(before.get(), null);
            }
          });
    }
  }

  /** Answers with what is found now, however long it takes. */
  void fresh(String address, Completable<List<T>> found) {
    lookup.find(
        address,
        (list, failure) -> {
          if (failure == null) {
            known.put(address, List.copyOf(list));
          }
          found.complete(list, failure);
        });
  }
}
