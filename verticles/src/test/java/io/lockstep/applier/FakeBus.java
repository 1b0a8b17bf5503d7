package io.lockstep.applier;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Route;
import io.lockstep.bus.Topic;
import io.lockstep.model.Applied;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Remembers what was told to whom. */
final class FakeBus implements Bus {
  record Told(String topic, NodeId to, Object message) {}

  final List<Told> told = new ArrayList<>();

  List<Applied> outcomes() {
    return told.stream()
        .filter(message -> message.topic().equals(Addresses.OUTCOMES.name()))
        .map(message -> (Applied) message.message())
        .toList();
  }

  @Override
  public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
    return Future.failedFuture(new IllegalStateException("nobody is asked here"));
  }

  @Override
  public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
    return Future.succeededFuture(() -> Future.succeededFuture());
  }

  @Override
  public <M> void tell(Topic<M> topic, NodeId to, M message) {
    told.add(new Told(topic.name(), to, message));
  }

  @Override
  public <M> void publish(Topic<M> topic, M message) {
    throw new IllegalStateException("nothing is published here");
  }

  @Override
  public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
    return Future.succeededFuture(() -> Future.succeededFuture());
  }
}
