package io.lockstep.runtime.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.infinispan.manager.DefaultCacheManager;

/** Starts and stops the Infinispan container, which blocks, on a thread made for it. */
final class GridStart {
  private GridStart() {}

  static Future<Void> started(DefaultCacheManager container) {
    return onThread("lockstep-grid-start", container::start);
  }

  static Future<Void> stopped(DefaultCacheManager container) {
    return onThread("lockstep-grid-stop", container::stop);
  }

  /** There is no Vert.x yet, or no longer, whose worker could do it. */
  private static Future<Void> onThread(String name, Runnable action) {
    Promise<Void> done = Promise.promise();
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
                done.complete();
              } catch (RuntimeException failed) {
                done.fail(failed);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return done.future();
  }
}
