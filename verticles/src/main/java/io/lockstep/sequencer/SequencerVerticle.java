package io.lockstep.sequencer;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Puts a {@link Sequencer} on an event loop of its own. Deploy it before the log is opened, and
 * hand the log's word to {@link #leading} and {@link #following}, from any thread.
 */
public final class SequencerVerticle extends VerticleBase {
  private final Function<Executor, Sequencer> factory;
  private Optional<Sequencer> sequencer = Optional.empty();

  /**
   * Makes the verticle.
   *
   * @param factory makes the sequencer, given its home
   */
  public SequencerVerticle(Function<Executor, Sequencer> factory) {
    this.factory = factory;
  }

  @Override
  public Future<?> start() {
    Sequencer made = factory.apply(this::execute);
    sequencer = Optional.of(made);
    return made.start();
  }

  @Override
  public Future<?> stop() {
    return sequencer.map(Sequencer::stop).orElseGet(Future::succeededFuture);
  }

  /** As {@link OrderedLog.Listener#leading}. */
  public void leading(Term term, LogIndex barrier) {
    execute(() -> sequencer.ifPresent(stamps -> stamps.leading(term, barrier)));
  }

  /** As {@link OrderedLog.Listener#following}. */
  public void following(Term term, Optional<NodeId> leader) {
    execute(() -> sequencer.ifPresent(stamps -> stamps.following(term, leader)));
  }

  private void execute(Runnable action) {
    Context own = context;
    own.runOnContext(now -> action.run());
  }
}
