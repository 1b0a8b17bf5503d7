package io.lockstep.bus;

import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Several nodes' buses on one thread: everything arrives at once, encoded and decoded on the way.
 */
public final class LoopBus {
  private final Map<String, Function<?, ?>> answerers = new HashMap<>();
  private final Map<String, List<Consumer<?>>> listeners = new HashMap<>();
  private final List<NodeId> nodes = new ArrayList<>();

  /** The bus as one node sees it. */
  public Bus of(NodeId self) {
    nodes.add(self);
    return new Door(self);
  }

  private final class Door implements Bus {
    private final NodeId self;

    Door(NodeId self) {
      this.self = self;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
      Q arrived = route.question().decode(route.question().encode(question));
      return Optional.ofNullable((Function<Q, Future<A>>) answerers.get(route.name() + to))
          .map(answerer -> answerer.apply(arrived))
          .orElseGet(
              () ->
                  Future.failedFuture(
                      new BusException(
                          BusException.Reason.NOBODY_THERE,
                          route.name(),
                          new IllegalStateException())));
    }

    @Override
    public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
      String address = route.name() + self;
      answerers.put(address, answerer);
      return Future.succeededFuture(
          () -> {
            answerers.remove(address);
            return Future.succeededFuture();
          });
    }

    @Override
    @SuppressWarnings("unchecked")
    public <M> void tell(Topic<M> topic, NodeId to, M message) {
      M arrived = topic.codec().decode(topic.codec().encode(message));
      List.copyOf(listeners.getOrDefault(topic.name() + to, List.of()))
          .forEach(listener -> ((Consumer<M>) listener).accept(arrived));
    }

    @Override
    public <M> void publish(Topic<M> topic, M message) {
      nodes.forEach(node -> tell(topic, node, message));
    }

    @Override
    public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
      List<Consumer<?>> all =
          listeners.computeIfAbsent(topic.name() + self, name -> new ArrayList<>());
      all.add(listener);
      return Future.succeededFuture(
          () -> {
            all.remove(listener);
            return Future.succeededFuture();
          });
    }
  }
}
