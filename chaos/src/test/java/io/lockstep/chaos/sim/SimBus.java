package io.lockstep.chaos.sim;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.BusException;
import io.lockstep.bus.Route;
import io.lockstep.bus.Topic;
import io.lockstep.model.NodeId;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/** The bus of one node's life. Every message is encoded and decoded on its way. */
final class SimBus implements Bus {

  private final NodeId self;
  private final SimLife life;
  private final SimNetwork network;
  private final Map<NodeId, SimBus> all;
  private final Sabotage sabotage;
  private final Map<String, Function<?, ?>> answerers = new HashMap<>();
  private final Map<String, List<Consumer<?>>> listeners = new HashMap<>();
  private final Set<WriteId> proposed = new HashSet<>();

  SimBus(
      NodeId self, SimLife life, SimNetwork network, Map<NodeId, SimBus> all, Sabotage sabotage) {
    this.self = self;
    this.life = life;
    this.network = network;
    this.all = all;
    this.sabotage = sabotage;
    all.put(self, this);
  }

  @Override
  public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
    if (!network.isUp(to)) {
      return Future.failedFuture(
          new BusException(
              BusException.Reason.NOBODY_THERE,
              route.name(),
              new IllegalStateException("simulated")));
    }
    Promise<A> promise = Promise.promise();
    Q arrived = route.question().decode(route.question().encode(tampered(route, question)));
    network.carry(
        self,
        to,
        once(() -> at(to).answerOne(route, arrived, self, answer -> arrive(promise, answer))));
    life.after(
        within,
        () ->
            promise.tryFail(
                new BusException(
                    BusException.Reason.NO_ANSWER,
                    route.name(),
                    new IllegalStateException("simulated"))));
    return promise.future();
  }

  /**
   * A question goes over one TCP connection, which loses or delays it but does not deliver it
   * twice: a proposal comes twice when a gateway repeats it. (Delivered twice, a copy that was
   * refused says nothing of the other.)
   */
  private static Runnable once(Runnable arrival) {
    AtomicBoolean arrived = new AtomicBoolean();
    return () -> {
      if (!arrived.getAndSet(true)) {
        arrival.run();
      }
    };
  }

  private static <A> void arrive(Promise<A> promise, Future<A> answer) {
    answer
        .onSuccess(promise::tryComplete)
        .onFailure(
            failure ->
                promise.tryFail(
                    new BusException(
                        BusException.Reason.FAILED_THERE, String.valueOf(failure), failure)));
  }

  @SuppressWarnings("unchecked")
  private <Q, A> void answerOne(
      Route<Q, A> route, Q question, NodeId asker, Consumer<Future<A>> reply) {
    Function<Q, Future<A>> answerer = (Function<Q, Future<A>>) answerers.get(route.name());
    if (answerer == null) {
      network.carry(
          self,
          asker,
          () -> reply.accept(Future.failedFuture(new IllegalStateException("no answerer there"))));
      return;
    }
    answerer
        .apply(question)
        .map(answer -> route.answer().decode(route.answer().encode(answer)))
        .onComplete(
            answer ->
                network.carry(
                    self,
                    asker,
                    () ->
                        reply.accept(
                            answer.succeeded()
                                ? Future.succeededFuture(answer.result())
                                : Future.failedFuture(answer.cause()))));
  }

  @Override
  public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
    answerers.put(route.name(), answerer);
    return Future.succeededFuture(
        () -> {
          answerers.remove(route.name());
          return Future.succeededFuture();
        });
  }

  @Override
  @SuppressWarnings("unchecked")
  public <M> void tell(Topic<M> topic, NodeId to, M message) {
    M arrived = topic.codec().decode(topic.codec().encode(message));
    network.carry(
        self,
        to,
        () ->
            List.copyOf(at(to).listeners.getOrDefault(topic.name(), List.of()))
                .forEach(listener -> ((Consumer<M>) listener).accept(arrived)));
  }

  @Override
  public <M> void publish(Topic<M> topic, M message) {
    List.copyOf(all.keySet()).forEach(node -> tell(topic, node, message));
  }

  @Override
  public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
    List<Consumer<?>> hearing = listeners.computeIfAbsent(topic.name(), name -> new ArrayList<>());
    hearing.add(listener);
    return Future.succeededFuture(
        () -> {
          hearing.remove(listener);
          return Future.succeededFuture();
        });
  }

  private SimBus at(NodeId node) {
    return Optional.ofNullable(all.get(node)).orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private <Q, A> Q tampered(Route<Q, A> route, Q question) {
    if (sabotage == Sabotage.NEW_ID_FOR_A_REPETITION
        && route.name().equals(Addresses.PROPOSE.name())
        && question instanceof Write write
        && !proposed.add(write.id())) {
      return (Q) Writes.renamed(write, proposed.size());
    }
    return question;
  }
}
