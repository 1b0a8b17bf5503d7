package io.lockstep.gateway;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Route;
import io.lockstep.bus.Topic;
import io.lockstep.model.Applied;
import io.lockstep.model.NodeId;
import io.lockstep.model.Sequenced;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A bus whose sequencer answers what the test has written down, in that order. */
final class ScriptedBus implements Bus {
  record Proposed(NodeId to, Write write) {}

  final List<Proposed> proposals = new ArrayList<>();
  final Deque<Future<Sequenced>> answers = new ArrayDeque<>();
  private final List<Consumer<Applied>> listeners = new ArrayList<>();

  void outcome(Applied applied) {
    listeners.forEach(listener -> listener.accept(applied));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
    proposals.add(new Proposed(to, (Write) question));
    Future<Sequenced> answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    return (Future<A>) answer;
  }

  @Override
  public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
    throw new UnsupportedOperationException("the intake answers nobody");
  }

  @Override
  public <M> void tell(Topic<M> topic, NodeId to, M message) {
    throw new UnsupportedOperationException("the intake tells nobody");
  }

  @Override
  public <M> void publish(Topic<M> topic, M message) {
    throw new UnsupportedOperationException("the intake publishes nothing");
  }

  @Override
  @SuppressWarnings("unchecked")
  public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
    listeners.add((Consumer<Applied>) listener);
    return Future.succeededFuture(Future::succeededFuture);
  }
}
