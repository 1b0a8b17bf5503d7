package io.lockstep.runtime.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.runtime.Patience;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

final class The_parser {
  @Test
  void is_loaded_off_the_event_loop() {
    Vertx vertx = Vertx.vertx();
    try {
      Promise<Boolean> onWorker = Promise.promise();
      vertx.runOnContext(
          loop -> ParserLoading.on(vertx, () -> onWorker.complete(Context.isOnWorkerThread())));

      assertTrue(Patience.await(onWorker.future()), "loading does not hold the event loop");
    } finally {
      Patience.await(vertx.close());
    }
  }
}
