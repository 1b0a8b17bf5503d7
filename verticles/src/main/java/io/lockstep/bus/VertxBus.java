package io.lockstep.bus;

import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus over Vert.x's event bus. What is meant for one node goes to the address {@code
 * name.node}, what is published to {@code name}. May be used from any context, and a handler runs
 * on the context that registered it. A message that cannot be read is refused with a log line; it
 * never stops a stage.
 */
public final class VertxBus implements Bus {
  private static final Logger LOG = LoggerFactory.getLogger(VertxBus.class);
  private static final int MALFORMED = 1;
  private static final int FAILED = 2;

  private final EventBus events;
  private final OpenQuestions open;
  private final NodeId self;
  private final DeliveryOptions options;

  private VertxBus(EventBus events, OpenQuestions open, NodeId self) {
    this.events = events;
    this.open = open;
    this.self = self;
    this.options = new DeliveryOptions().setCodecName(Envelope.Carrier.NAME);
  }

  /** Teaches this Vert.x to carry messages. Call it once for each Vert.x. */
  public static VertxBus on(Vertx vertx, NodeId self) {
    vertx.eventBus().registerCodec(new Envelope.Carrier());
    return new VertxBus(vertx.eventBus(), new OpenQuestions(vertx), self);
  }

  /** The same bus as another node sees it, for several nodes in one process. */
  public VertxBus as(NodeId other) {
    return new VertxBus(events, open, other);
  }

  /**
   * A node has left the group: its process is dead or cut off. What it was asked fails now, and not
   * after the asker's patience. On any thread.
   */
  public void gone(NodeId node) {
    open.gone(node);
  }

  /** What is listened to at one node under {@code address}, at another one. */
  public static Optional<String> elsewhere(String address, NodeId self, NodeId other) {
    String end = address("", self);
    return address.endsWith(end)
        ? Optional.of(address(address.substring(0, address.length() - end.length()), other))
        : Optional.empty();
  }

  @Override
  public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
    DeliveryOptions bounded =
        new DeliveryOptions(options).setSendTimeout(Math.max(1, within.toMillis()));
    return open.put(
        to,
        events
            .<Envelope>request(
                address(route.name(), to), Envelope.of(route.question(), question), bounded)
            .transform(
                asked ->
                    asked.succeeded()
                        ? answerIn(route, to, asked.result())
                        : Future.failedFuture(failure(route, to, asked.cause()))));
  }

  @Override
  public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
    MessageConsumer<Envelope> consumer =
        events.consumer(
            address(route.name(), self), message -> answerOne(route, answerer, message));
    return consumer.completion().map(registered -> consumer::unregister);
  }

  @Override
  public <M> void tell(Topic<M> topic, NodeId to, M message) {
    // Published at the node's own address: each of its gateways listens, not one in turn.
    events.publish(address(topic.name(), to), Envelope.of(topic.codec(), message), options);
  }

  @Override
  public <M> void publish(Topic<M> topic, M message) {
    events.publish(topic.name(), Envelope.of(topic.codec(), message), options);
  }

  @Override
  public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
    MessageConsumer<Envelope> told =
        events.consumer(address(topic.name(), self), message -> hearOne(topic, listener, message));
    MessageConsumer<Envelope> published =
        events.consumer(topic.name(), message -> hearOne(topic, listener, message));
    return Future.all(told.completion(), published.completion())
        .map(registered -> () -> Future.all(told.unregister(), published.unregister()).mapEmpty());
  }

  private <Q, A> void answerOne(
      Route<Q, A> route, Function<Q, Future<A>> answerer, Message<Envelope> message) {
    Q question;
    try {
      question = message.body().open(route.question());
    } catch (MalformedBodyException malformed) {
      LOG.warn("Refused a malformed question on {}: {}", route.name(), malformed.getMessage());
      message.fail(MALFORMED, String.valueOf(malformed.getMessage()));
      return;
    }
    answerer
        .apply(question)
        .onSuccess(answer -> message.reply(Envelope.of(route.answer(), answer), options))
        .onFailure(cause -> message.fail(FAILED, String.valueOf(cause.getMessage())));
  }

  private static <M> void hearOne(Topic<M> topic, Consumer<M> listener, Message<Envelope> message) {
    M heard;
    try {
      heard = message.body().open(topic.codec());
    } catch (MalformedBodyException malformed) {
      LOG.warn("Ignored a malformed message on {}: {}", topic.name(), malformed.getMessage());
      return;
    }
    listener.accept(heard);
  }

  private static <A> Future<A> answerIn(Route<?, A> route, NodeId from, Message<Envelope> message) {
    try {
      return Future.succeededFuture(message.body().open(route.answer()));
    } catch (MalformedBodyException malformed) {
      return Future.failedFuture(
          new BusException(
              BusException.Reason.MALFORMED_ANSWER,
              "cannot read the answer of " + from + " on " + route.name(),
              malformed));
    }
  }

  private static BusException failure(Route<?, ?> route, NodeId to, Throwable cause) {
    String where = address(route.name(), to);
    if (!(cause instanceof ReplyException reply)) {
      return new BusException(BusException.Reason.NO_ANSWER, where, cause);
    }
    return switch (reply.failureType()) {
      case NO_HANDLERS -> new BusException(BusException.Reason.NOBODY_THERE, where, cause);
      case RECIPIENT_FAILURE ->
          new BusException(
              BusException.Reason.FAILED_THERE, where + ": " + reply.getMessage(), cause);
      case TIMEOUT, ERROR -> new BusException(BusException.Reason.NO_ANSWER, where, cause);
    };
  }

  private static String address(String name, NodeId node) {
    return name + "." + node.name();
  }
}
