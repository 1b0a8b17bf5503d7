package io.lockstep.applier.mariadb;

import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Removes the locks of clients' open transactions from the applier's way: the applier wins, since
 * what it executes is committed. Waiting longer would help nobody: a transaction that commits later
 * comes later in the order. Whoever holds a lock is asked to roll back, which its session can do
 * without its client noticing; a statement that still keeps it from doing so is interrupted, and
 * who does not react to that either is disconnected. Used on one event loop.
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

  /** How often each of those that are in the way has been found there. */
  private final Map<Side.Holder, Integer> found = new HashMap<>();

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
        found.clear();
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

    private void remove(List<Side.Holder> blockers) {
      found.keySet().retainAll(blockers);
      blockers.forEach(one -> found.merge(one, 1, Integer::sum));
      List<Long> first = those(times -> times == 1);
      if (!first.isEmpty()) {
        ask.accept(first);
      }
      side.interrupt(those(times -> times == 2));
      side.disconnect(those(times -> times > 2));
    }

    private List<Long> those(IntPredicate times) {
      return found.entrySet().stream()
          .filter(one -> times.test(one.getValue()))
          .map(one -> one.getKey().connection())
          .toList();
    }
  }
}
