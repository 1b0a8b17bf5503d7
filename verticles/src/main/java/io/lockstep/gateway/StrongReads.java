package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What makes a read linearizable: the log's head is confirmed with a quorum, and the session's
 * master has applied up to there. A master that does not get there in time, or cannot be asked, is
 * waited for again while it is believed to serve.
 */
final class StrongReads {
  static final Duration EACH_WAIT = Duration.ofSeconds(1);
  static final Duration PAUSE = Duration.ofMillis(100);
  static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

  private final LogHead head;
  private final MasterProgress progress;
  private final Timers timers;

  StrongReads(LogHead head, MasterProgress progress, Timers timers) {
    this.head = head;
    this.progress = progress;
    this.timers = timers;
  }

  /**
   * Completes with what a read at the master that {@code master} names now is sure to see.
   *
   * @param master the node that the session is connected to; may be another each time
   */
  Future<Seq> ready(Supplier<Future<NodeId>> master) {
    long deadline = timers.nanos() + GIVE_UP_AFTER.toNanos();
    return head.confirmed().compose(seq -> reached(master, seq, deadline));
  }

  /** The same for what is known to be there: nobody else is asked. */
  Future<Seq> awaits(Supplier<Future<NodeId>> master, Seq seq) {
    return reached(master, seq, timers.nanos() + GIVE_UP_AFTER.toNanos());
  }

  /** The same for a shorter time. */
  Future<Seq> sees(Supplier<Future<NodeId>> master, Seq seq) {
    return reached(master, seq, timers.nanos() + EACH_WAIT.toNanos());
  }

  private Future<Seq> reached(Supplier<Future<NodeId>> master, Seq seq, long deadline) {
    return master
        .get()
        .compose(node -> progress.reached(node, seq, EACH_WAIT))
        .recover(
            late ->
                late instanceof BehindTokenException && timers.nanos() < deadline
                    ? timers.pause(PAUSE).compose(passed -> reached(master, seq, deadline))
                    : Future.failedFuture(late));
  }
}
