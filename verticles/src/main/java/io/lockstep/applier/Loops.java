package io.lockstep.applier;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;

/** Brings answers that may come on any thread back to the loop that asked. */
final class Loops {
  private Loops() {}

  static <T> Future<T> on(Executor loop, Future<T> answer) {
    Promise<T> here = Promise.promise();
    answer.onComplete(
        value -> loop.execute(() -> here.complete(value)),
        failure -> loop.execute(() -> here.fail(failure)));
    return here.future();
  }
}
