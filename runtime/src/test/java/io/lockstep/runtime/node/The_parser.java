package io.lockstep.runtime.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.runtime.Patience;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

final class The_parser {
  @Test
  void is_loaded_off_the_event_loop() {
    Vertx vertx = Vertx.vertx();
    try {
      Promise<Boolean> wentOn = Promise.promise();
      vertx.runOnContext(loop -> wentOn.complete(!ParserLoading.on(vertx).isComplete()));

      boolean loopWentOn = Patience.await(wentOn.future());
      Patience.await(ParserLoading.on(vertx));

      assertTrue(loopWentOn, "loading did not hold the event loop");
    } finally {
      Patience.await(vertx.close());
    }
  }
}
