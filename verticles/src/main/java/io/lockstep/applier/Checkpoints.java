package io.lockstep.applier;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes checksums of the whole content at the very place of a checkpoint in the order, while the
 * applier goes on, and reports them to the gateway that asked. One at a time.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final NodeId self;
  private final Bus bus;
  private final ReplicaDatabase database;
  private final Executor loop;
  private Future<Void> reading = Future.succeededFuture();

  Checkpoints(ApplierPorts ports) {
    this.self = ports.self();
    this.bus = ports.bus();
    this.database = ports.database();
    this.loop = ports.loop();
  }

  /** Completes when no checksums are being taken: definitions may change. */
  Future<Void> idle() {
    return reading;
  }

  /**
   * The state after the checkpoint is committed and nothing after it: completes when the applier
   * may go on. A node that fails here reports nothing, which the asker's own bound notices.
   */
  Future<Void> take(PlacedWrite checkpoint) {
    return reading
        .compose(before -> Loops.on(loop, database.snapshot()))
        .map(
            snapshot -> {
              read(checkpoint, snapshot);
              return (Void) null;
            })
        .otherwise(failure -> failed(checkpoint, failure));
  }

  private void read(PlacedWrite checkpoint, ReplicaDatabase.Snapshot snapshot) {
    Promise<Void> done = Promise.promise();
    reading = done.future();
    Loops.on(loop, snapshot.checksums())
        .onSuccess(sums -> report(checkpoint, sums))
        .onFailure(failure -> failed(checkpoint, failure))
        .onComplete(read -> done.complete());
  }

  private void report(PlacedWrite checkpoint, Map<String, Bytes> sums) {
    String id = checkpoint.write().statement().sql().utf8();
    bus.tell(
        Addresses.CHECKPOINT_REPORT,
        checkpoint.write().gateway(),
        new CheckpointReport(self, id, checkpoint.seq(), sums));
  }

  private static Void failed(PlacedWrite checkpoint, Throwable failure) {
    LOG.warn("no checksums for the checkpoint at seq {}", checkpoint.seq(), failure);
    return null;
  }
}
