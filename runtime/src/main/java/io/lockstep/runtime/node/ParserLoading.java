package io.lockstep.runtime.node;

import io.lockstep.sql.Determinism;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Loads the SQL parser before the first client comes, who would otherwise wait for it. */
final class ParserLoading {
  private ParserLoading() {}

  /** Completes when the parser is loaded; the work is done on a worker thread. */
  static Future<Void> on(Vertx vertx) {
    return on(vertx, Determinism::loadParser);
  }

  /** The same with another way of loading. */
  static Future<Void> on(Vertx vertx, Runnable loading) {
    return vertx.executeBlocking(
        () -> {
          loading.run();
          return null;
        });
  }
}
