package io.lockstep.gateway.locks;

import io.lockstep.bus.Timers;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The table locks of the whole cluster as one gateway sees them: never older than what its node has
 * applied. They are read again when the order says that some were taken or given back, and while
 * somebody waits. Lives on its gateway's context.
 */
public final class TableLocks {
  /** How long a wait may go on after its cause has gone. */
  public static final Duration POLL = Duration.ofMillis(10);

  /** How often the database is asked before a statement fails for it. */
  private static final int ASKED_MAX = 50;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final LockRows rows;
  private final Timers timers;
  private final Supplier<Seq> changed;
  private Optional<View> known = Optional.empty();
  private Optional<Look> underWay = Optional.empty();
  private Optional<Promise<Void>> next = Optional.empty();

  /** Everything that was changed up to {@code asOf} is in it. */
  private record View(Seq asOf, List<TableLock> locks) {}

  private record Look(Seq asOf, Future<List<TableLock>> result) {}

  /**
   * @param changed the last change that this node's database has
   */
  public TableLocks(LockRows rows, Timers timers, Supplier<Seq> changed) {
    this.rows = rows;
    this.timers = timers;
    this.changed = changed;
  }

  /** Whether it is known without asking that nobody has locked anything. */
  public boolean none() {
    return current().filter(view -> view.locks().isEmpty()).isPresent();
  }

  /** Who relies on what is known sees at least this; so nothing of what was done under a lock. */
  public Seq asOf() {
    return known.map(View::asOf).orElse(Seq.NONE);
  }

  /** Every lock up to the position that this node has now, or has reached a moment later. */
  public Future<List<TableLock>> now() {
    return current().map(view -> Future.succeededFuture(view.locks())).orElseGet(this::look);
  }

  private Optional<View> current() {
    return known.filter(view -> !changed.get().isAfter(view.asOf()));
  }

  private Future<List<TableLock>> look() {
    Seq asOf = changed.get();
    Optional<Look> same = underWay.filter(look -> !asOf.isAfter(look.asOf()));
    if (same.isPresent()) {
      return same.get().result();
    }
    Promise<List<TableLock>> promise = Promise.promise();
    Look look = new Look(asOf, promise.future());
    underWay = Optional.of(look);
    ask(1)
        .onSuccess(locks -> saw(new View(asOf, List.copyOf(locks))))
        .onComplete(
            result -> {
              underWay = underWay.filter(other -> !other.equals(look));
              promise.handle(result);
            });
    return promise.future();
  }

  /** The database may be restarting. */
  private Future<List<TableLock>> ask(int attempt) {
    return rows.tables()
        .recover(
            gone ->
                attempt < ASKED_MAX
                    ? timers.pause(PAUSE).compose(passed -> ask(attempt + 1))
                    : Future.failedFuture(gone));
  }

  private void saw(View view) {
    if (known.filter(newer -> newer.asOf().isAfter(view.asOf())).isEmpty()) {
      known = Optional.of(view);
    }
  }

  /** Completes when it is worth while to look again. */
  public Future<Void> later() {
    return next.orElseGet(this::pause).future();
  }

  private Promise<Void> pause() {
    Promise<Void> promise = Promise.promise();
    next = Optional.of(promise);
    timers.after(
        POLL,
        () -> {
          next = Optional.empty();
          promise.complete();
        });
    return promise;
  }
}
