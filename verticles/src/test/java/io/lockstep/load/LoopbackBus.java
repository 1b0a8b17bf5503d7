package io.lockstep.load;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Route;
import io.lockstep.bus.Topic;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** A bus of one node that delivers at once, through the codec. Knows no questions. */
final class LoopbackBus implements Bus {
  private final Map<String, List<Consumer<Object>>> listeners = new HashMap<>();

  @Override
  public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
    return Future.failedFuture("nobody answers " + route.name());
  }

  @Override
  public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
    return Future.failedFuture("nobody asks " + route.name());
  }

  @Override
  public <M> void tell(Topic<M> topic, NodeId to, M message) {
    publish(topic, message);
  }

  @Override
  public <M> void publish(Topic<M> topic, M message) {
    var body = new io.lockstep.bus.BodyWriter();
    topic.codec().write(body, message);
    M received = topic.codec().read(new io.lockstep.bus.BodyReader(body.buffer()));
    listeners.getOrDefault(topic.name(), List.of()).forEach(one -> one.accept(received));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
    Consumer<Object> untyped = message -> listener.accept((M) message);
    listeners.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(untyped);
    return Future.succeededFuture(
        () -> {
          listeners.getOrDefault(topic.name(), new ArrayList<>()).remove(untyped);
          return Future.succeededFuture();
        });
  }
}
