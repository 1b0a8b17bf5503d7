package io.lockstep.load;

import io.vertx.core.Future;

/** A trivial query to the node's own database, to see how busy it is. */
public interface DatabaseProbe {
  /** Asks the database how many threads it is running ({@code Threads_running}). */
  Future<Integer> threadsRunning();
}
