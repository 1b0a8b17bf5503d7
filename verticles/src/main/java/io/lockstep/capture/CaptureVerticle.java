package io.lockstep.capture;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.BackendSockets;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;

/** Answers, on an event loop of its own, what prepared branches have changed. */
public final class CaptureVerticle extends VerticleBase {
  private final Bus bus;
  private final Timers timers;
  private final BackendOptions backend;
  private final boolean purges;
  private Optional<BinlogFollower> follower = Optional.empty();

  /**
   * @param backend the node's own database, and an account with every privilege there
   * @param purges whether binary logs that were read may be deleted
   */
  public CaptureVerticle(Bus bus, Timers timers, BackendOptions backend, boolean purges) {
    this.bus = bus;
    this.timers = timers;
    this.backend = backend;
    this.purges = purges;
  }

  /** Completes before the log is read: until then, nothing is captured. */
  @Override
  public Future<?> start() {
    BinlogFollower made =
        new BinlogFollower(
            vertx,
            vertx.createNetClient(BackendSockets.options()),
            backend,
            timers,
            CaptureBounds.DEFAULT,
            purges);
    follower = Optional.of(made);
    made.follow();
    return bus.answer(Addresses.CAPTURE, made.captures()::of);
  }

  @Override
  public Future<?> stop() {
    follower.ifPresent(BinlogFollower::stop);
    return Future.succeededFuture();
  }
}
