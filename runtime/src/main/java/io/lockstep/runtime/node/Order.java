package io.lockstep.runtime.node;

import io.lockstep.applier.Applier;
import io.lockstep.applier.ApplierPorts;
import io.lockstep.bus.Addresses;
import io.lockstep.capture.CaptureVerticle;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.InTheWay;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.lockstep.sequencer.Sequencer;
import io.lockstep.sequencer.SequencerBounds;
import io.lockstep.sequencer.SequencerMetrics;
import io.lockstep.sequencer.SequencerPorts;
import io.lockstep.sequencer.SequencerVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The ordered half of a node: its part in the log, its sequencer, its applier. */
final class Order {
  /** How long a node may take to catch up before its start is given up. */
  private static final Duration CATCH_UP_MAX = Duration.ofHours(24);

  /** Of the whole machine: above this, what a log entry costs is taken from somebody. */
  private static final double BUSY_CPU = 0.75;

  private static final Duration ASK_AGAIN = Duration.ofMillis(200);

  private final Foundations on;
  private final Applier applier;
  private final SequencerVerticle sequencer;
  private final LogWatch watch;
  private final Consumer<Throwable> fatal;

  Order(Foundations on, Consumer<Throwable> fatal) {
    this.on = on;
    this.fatal = fatal;
    Context context = on.vertx().getOrCreateContext();
    OrderedLog log = on.cluster().log();
    this.applier =
        new Applier(
            new ApplierPorts(
                on.self(),
                log,
                Replica.of(
                    on.vertx(),
                    on.access(),
                    connections ->
                        on.cluster()
                            .bus()
                            .publish(Addresses.IN_THE_WAY, new InTheWay(on.self(), connections))),
                on.cluster().bus(),
                on.timers(),
                task -> context.runOnContext(now -> task.run())),
            on.meters(),
            this::applierFailed);
    this.sequencer =
        new SequencerVerticle(
            home ->
                new Sequencer(
                    new SequencerPorts(
                        on.self(),
                        log,
                        on.cluster().bus(),
                        on.timers(),
                        home,
                        () -> applier.position().seq(),
                        this::isBusy,
                        fatal),
                    SequencerBounds.DEFAULT,
                    new SequencerMetrics(on.meters())));
    this.watch = new LogWatch(on.self(), on.health(), new ToSequencer(), fatal);
  }

  /** As this node says of itself. */
  private boolean isBusy() {
    return on.board()
        .of(on.self())
        .filter(advert -> advert.figures().cpu() >= BUSY_CPU)
        .isPresent();
  }

  /** A database that belongs to the node has no other reader of its binary log. */
  private CaptureVerticle capture() {
    return new CaptureVerticle(
        on.cluster().bus(),
        on.timers(),
        Replica.backend(on.vertx(), on.access()),
        on.config().database().fold(owned -> true, external -> false));
  }

  Applier applier() {
    return applier;
  }

  LogWatch watch() {
    return watch;
  }

  /** Completes when the log is open; the node serves when it has caught up. */
  Future<Void> start() {
    Predicate<NodeId> fit =
        node ->
            node.equals(on.self())
                ? on.health().standing().serving()
                : on.board()
                    .of(node)
                    .filter(advert -> advert.standing().serving() && !advert.standing().draining())
                    .isPresent();
    return applier
        .recover()
        .compose(
            position ->
                on.vertx()
                    .deployVerticle(sequencer)
                    .compose(deployed -> on.vertx().deployVerticle(capture()))
                    .compose(deployed -> on.cluster().openLog(position.index(), watch, fit)))
        .compose(open -> applier.start())
        .onSuccess(
            started -> {
              new QuorumWatch(on.timers(), watch, on.health()).start();
              catchUp();
            });
  }

  /** A node serves when it has applied what was committed when it came. */
  private void catchUp() {
    OrderedLog log = on.cluster().log();
    log.confirmedHead()
        .compose(log::lastPayload)
        .onSuccess(this::catchUpTo)
        .onFailure(noLeaderYet -> on.timers().after(ASK_AGAIN, this::catchUp));
  }

  private void catchUpTo(LogIndex last) {
    applier
        .reached(last, CATCH_UP_MAX)
        .onSuccess(done -> on.health().well(Health.Concern.STARTING))
        .onFailure(this::applierFailed);
  }

  private void applierFailed(Throwable cause) {
    on.health().trouble(Health.Concern.APPLIER, "the applier stopped: " + cause.getMessage());
    fatal.accept(cause);
  }

  Future<Void> stop() {
    on.health().trouble(Health.Concern.STOPPING, "the node is stopping");
    return applier.close().eventually(() -> on.admin().close());
  }

  private final class ToSequencer implements OrderedLog.Listener {
    @Override
    public void leading(Term term, LogIndex barrier) {
      sequencer.leading(term, barrier);
    }

    @Override
    public void following(Term term, Optional<NodeId> leader) {
      sequencer.following(term, leader);
    }

    @Override
    public void failed(Throwable cause) {
      sequencer.following(Term.NONE, Optional.empty());
    }

    @Override
    public void tooFarBehind(LogIndex firstAvailable) {
      sequencer.following(Term.NONE, Optional.empty());
    }
  }
}
