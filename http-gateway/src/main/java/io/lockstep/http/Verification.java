package io.lockstep.http;

import io.lockstep.model.CheckpointReport;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Has every node sum up what it holds, at one seq. Asked and answering on any thread. */
public interface Verification {
  /**
   * Orders a checkpoint and gathers the nodes' reports of it: all of them, or those that arrived
   * within the time.
   */
  Future<List<CheckpointReport>> checkpoint(Duration within);
}
