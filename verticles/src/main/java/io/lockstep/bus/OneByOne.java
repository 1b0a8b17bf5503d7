package io.lockstep.bus;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Does one thing after the other, however many. A chain of {@code compose} puts the future of each
 * into that of the one before, and the last answer then climbs through all of them on the stack:
 * some thousands overflow it. Here one promise waits for all. Runs on the caller's context.
 */
public final class OneByOne {
  private final BooleanSupplier more;
  private final Supplier<Future<Boolean>> next;
  private final Promise<Boolean> promise = Promise.promise();

  private OneByOne(BooleanSupplier more, Supplier<Future<Boolean>> next) {
    this.more = more;
    this.next = next;
  }

  /**
   * Whether all said true. The first that says false, or fails, is the last.
   *
   * @param more whether there is another
   * @param next begins the next, whose own position is the caller's to keep
   */
  public static Future<Boolean> all(BooleanSupplier more, Supplier<Future<Boolean>> next) {
    OneByOne all = new OneByOne(more, next);
    all.goOn();
    return all.promise.future();
  }

  /** A loop for what is answered at once, a callback for what is not: neither deepens the stack. */
  private void goOn() {
    while (more.getAsBoolean()) {
      Future<Boolean> answer = begun();
      if (!answer.isComplete()) {
        answer.onComplete(
            late -> {
              if (holds(late)) {
                goOn();
              }
            });
        return;
      }
      if (!holds(answer)) {
        return;
      }
    }
    promise.complete(true);
  }

  private Future<Boolean> begun() {
    try {
      return next.get();
    } catch (RuntimeException defect) {
      return Future.failedFuture(defect);
    }
  }

  /** Whether it goes on; if not, the end is told. */
  private boolean holds(AsyncResult<Boolean> answer) {
    if (answer.failed()) {
      promise.fail(answer.cause());
      return false;
    }
    if (!answer.result()) {
      promise.complete(false);
    }
    return answer.result();
  }
}
