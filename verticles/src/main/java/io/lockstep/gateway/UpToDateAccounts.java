package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.accounts.AccountRecord;
import io.lockstep.gateway.accounts.ClientHost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The accounts as a login needs them: one that does not fit is looked up again when this node has
 * applied everything that was acknowledged anywhere, since it may have been changed a moment ago at
 * another gateway.
 */
final class UpToDateAccounts {
  /** A client that is not known hears of it by then, also where no majority answers. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final AccountDirectory accounts;
  private final Timers timers;
  private final Supplier<Future<?>> applied;

  /**
   * @param applied completes when this node has applied what is committed now
   */
  UpToDateAccounts(AccountDirectory accounts, Timers timers, Supplier<Future<?>> applied) {
    this.accounts = accounts;
    this.timers = timers;
    this.applied = applied;
  }

  /** The account of this user; looked up again once if there is none that {@code fits}. */
  Future<Optional<AccountRecord>> find(
      String user, ClientHost host, Predicate<AccountRecord> fits) {
    return accounts
        .find(user, host)
        .compose(
            found ->
                found.filter(fits).isPresent()
                    ? Future.succeededFuture(found)
                    : applied().compose(news -> accounts.find(user, host)));
  }

  /** Completes when nothing newer can be learned, in time or at all. */
  private Future<Void> applied() {
    Promise<Void> promise = Promise.promise();
    Timers.Timer patience = timers.after(PATIENCE, promise::tryComplete);
    applied
        .get()
        .onComplete(
            done -> {
              patience.cancel();
              promise.tryComplete();
            });
    return promise.future();
  }
}
