package io.lockstep.bus;

import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Typed messages between stages, on this node and across nodes. Delivery is a hint (invariant I1):
 * a message may be lost, late, doubled or out of order, and no safety rests on it. Handlers run on
 * the context that registered them.
 */
public interface Bus {
  /** Undoes a registration. */
  interface Registration {
    Future<Void> cancel();
  }

  /**
   * Asks the stage behind {@code route} at one node. Fails with {@link NobodyThereException} when
   * the question certainly reached no stage, else with {@link BusException}, at the latest when no
   * answer has come {@code within}.
   */
  <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within);

  /** Answers questions put to this node. A failed future reaches the asker as a failure. */
  <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer);

  /** Tells one node; nobody answers. */
  <M> void tell(Topic<M> topic, NodeId to, M message);

  /** Tells every node, this one included. */
  <M> void publish(Topic<M> topic, M message);

  /** Hears what is told to this node or published to all. */
  <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener);
}
