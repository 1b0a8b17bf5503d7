package io.lockstep.applier.mariadb;

import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Removes the locks of clients' open transactions from the applier's way: the applier wins, since
 * what it executes is committed. Waiting longer would help nobody: a transaction that commits later
 * comes later in the order. Whoever holds a lock is asked to roll back, which its session can do
 * without its client noticing; who does not is disconnected. Used on one event loop.
 */
final class Obstacles {
  /** Most transactions end by themselves within this. */
  static final Duration GRACE = Duration.ofMillis(10);

  /**
   * The server's view of lock waits is a copy that is renewed only when nobody has looked at it for
   * 100 ms (MariaDB: trx0i_s.cc, CACHE_MIN_IDLE_TIME_NS).
   */
  static final Duration LOOK_EVERY = Duration.ofMillis(110);

  private final Timers timers;
  private final Side side;
  private final Consumer<List<Long>> ask;
  private final Set<Long> asked = new HashSet<>();
  private Optional<Long> lookedAtNanos = Optional.empty();

  /**
   * @param ask tells the sessions that own these connections to roll back
   */
  Obstacles(Timers timers, Side side, Consumer<List<Long>> ask) {
    this.timers = timers;
    this.side = side;
    this.ask = ask;
  }

  /** Runs {@code work} on this connection and looks after it for as long as it waits. */
  <T> Future<T> watch(long connection, Supplier<Future<T>> work) {
    Future<T> running = work.get();
    if (!running.isComplete()) {
      Watch watch = new Watch(connection, running);
      watch.in(GRACE);
    }
    return running;
  }

  /** All other transactions that are open are asked; which of them holds what is not known. */
  Future<Void> askAll(long connection) {
    return side.openTransactions(List.of(connection))
        .map(
            found -> {
              ask.accept(found);
              return null;
            });
  }

  private final class Watch {
    private final long connection;
    private final Future<?> running;

    Watch(long connection, Future<?> running) {
      this.connection = connection;
      this.running = running;
    }

    void in(Duration delay) {
      Duration rest =
          lookedAtNanos
              .map(at -> LOOK_EVERY.minusNanos(timers.nanos() - at))
              .filter(left -> left.compareTo(delay) > 0)
              .orElse(delay);
      Timers.Timer timer = timers.after(rest, this::look);
      running.onComplete(done -> timer.cancel());
    }

    private void look() {
      if (running.isComplete()) {
        asked.clear();
        return;
      }
      lookedAtNanos = Optional.of(timers.nanos());
      side.blockersOf(connection)
          .onSuccess(this::remove)
          .onComplete(
              tried -> {
                if (!running.isComplete()) {
                  in(LOOK_EVERY);
                }
              });
    }

    private void remove(List<Long> blockers) {
      List<Long> first = new ArrayList<>();
      List<Long> again = new ArrayList<>();
      blockers.forEach(one -> (asked.contains(one) ? again : first).add(one));
      asked.clear();
      asked.addAll(blockers);
      if (!first.isEmpty()) {
        ask.accept(first);
      }
      if (!again.isEmpty()) {
        side.disconnect(again);
      }
    }
  }
}
