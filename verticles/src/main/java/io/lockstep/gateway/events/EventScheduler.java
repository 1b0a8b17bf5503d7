package io.lockstep.gateway.events;

import io.lockstep.bus.Timers;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cluster's events at the node that sequences. Every node has one; who sequences is a hint
 * only, so each instant is claimed through the order before its body runs: at most once, whoever
 * believes what. A claim holds against the definition that was read, or is refused as stale.
 *
 * <p>A node that begins to sequence goes on with what fell into the last {@link #CATCH_UP}; earlier
 * instants are missed, as on a server that was down, but for events that are due once. Lives on its
 * gateway's context.
 */
public final class EventScheduler {
  /** Bodies that run at once; whatever else is due waits. */
  public static final int RUNS_MAX = 16;

  /** How far back a new sequencer looks for instants that the one before may have missed. */
  public static final Duration CATCH_UP = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(EventScheduler.class);
  private static final long SECOND_MS = 1_000;

  /** A timer may be a little early. */
  private static final long BEHIND_MS = 2;

  /** A claim that was overtaken by a definition is made again so many times in a row. */
  private static final int STALE_MAX = 20;

  /**
   * What it works with.
   *
   * @param leads whether this node sequences and serves
   * @param position what this node's database has applied
   */
  public record Ports(
      Timers timers,
      BooleanSupplier leads,
      Supplier<Position> position,
      EventRows rows,
      EventOrder order,
      EventBodies bodies) {}

  private final Ports ports;
  private final EventMetrics metrics;
  private final Map<EventName, Due> agenda = new HashMap<>();
  private final Map<EventName, Integer> underWay = new HashMap<>();
  private Optional<Instant> since = Optional.empty();
  private Optional<Seq> definitions = Optional.empty();
  private Seq basis = Seq.NONE;
  private Instant looked = Instant.EPOCH;
  private boolean on;
  private boolean looking;
  private int stale;

  public EventScheduler(Ports ports, MeterRegistry meters) {
    this.ports = ports;
    this.metrics = new EventMetrics(meters);
  }

  /** Begins to look at the clock, every second. */
  public void start() {
    ports
        .rows()
        .tidy()
        .onFailure(cause -> LOG.info("leftovers of events stay: {}", cause.getMessage()))
        .onComplete(tidied -> tick());
  }

  private void tick() {
    long ms = Math.floorMod(ports.timers().now().toEpochMilli(), SECOND_MS);
    ports.timers().after(Duration.ofMillis(SECOND_MS - ms + BEHIND_MS), this::tick);
    stale = 0;
    look();
  }

  private void look() {
    if (!ports.leads().getAsBoolean()) {
      forget();
    } else if (!looking) {
      looking = true;
      begin();
      read()
          .onComplete(
              read -> {
                looking = false;
                if (read.failed()) {
                  LOG.info("events cannot be read: {}", read.cause().getMessage());
                } else if (since.isPresent()) {
                  work(ports.timers().now());
                }
              });
    }
  }

  private void forget() {
    since = Optional.empty();
    definitions = Optional.empty();
    agenda.clear();
  }

  /** As the one who runs events from now on. */
  private void begin() {
    if (since.isEmpty()) {
      Instant from = ports.timers().now().minus(CATCH_UP);
      since = Optional.of(from);
      looked = from;
      on = true;
    }
  }

  /** Definitions are read again when some have changed. */
  private Future<Void> read() {
    Position at = ports.position().get();
    if (definitions.filter(at.definitionsSeq()::equals).isPresent()) {
      return Future.succeededFuture();
    }
    return ports
        .rows()
        .read()
        .map(
            events -> {
              adopt(at, events);
              return null;
            });
  }

  private void adopt(Position at, Optional<List<EventDefinition>> events) {
    if (since.isEmpty()) {
      return;
    }
    if (events.isPresent() && !on) {
      // What was due while the cluster ran no events is missed.
      since = Optional.of(looked);
    }
    on = events.isPresent();
    Map<EventName, Due> before = Map.copyOf(agenda);
    agenda.clear();
    for (EventDefinition event : events.orElse(List.of())) {
      Due fresh = due(event, since.get());
      agenda.put(
          event.name(),
          Optional.ofNullable(before.get(event.name()))
              .filter(known -> known.event().equals(event))
              .map(known -> known.orEarlier(due(event, looked)))
              .orElse(fresh));
    }
    definitions = Optional.of(at.definitionsSeq());
    basis = at.seq();
  }

  /** A definition counts from its own second on, though it is seen a little later. */
  private static Due due(EventDefinition event, Instant from) {
    boolean fresh = event.changed().isBefore(from) && event.changed().isAfter(from.minus(CATCH_UP));
    return Due.of(event, fresh ? event.changed() : from);
  }

  private void work(Instant now) {
    for (EventName name : List.copyOf(agenda.keySet())) {
      Optional.ofNullable(agenda.get(name)).ifPresent(due -> work(due, now));
    }
    looked = now;
  }

  private void work(Due due, Instant now) {
    if (due.isOver() && !underWay.containsKey(due.event().name())) {
      end(due.event());
    } else if (due.isDue(now)) {
      if (underWay.values().stream().mapToInt(Integer::intValue).sum() < RUNS_MAX) {
        claim(due.event(), due.latest(now));
      } else {
        metrics.delayed();
      }
    }
  }

  private void claim(EventDefinition event, Instant instant) {
    underWay.merge(event.name(), 1, Integer::sum);
    update(event, due -> due.busy(true));
    ports
        .order()
        .claim(event.name(), instant, basis)
        .onSuccess(claim -> claimed(event, claim))
        .onFailure(
            cause -> {
              LOG.info("event {} waits: {}", event.name(), cause.getMessage());
              update(event, due -> due.busy(false));
              leave(event);
            });
  }

  private void claimed(EventDefinition event, EventOrder.Claim claim) {
    Instant now = ports.timers().now();
    switch (claim) {
      case TAKEN -> {
        update(event, due -> due.past(now).busy(false));
        run(event);
      }
      case LATE -> {
        update(event, due -> due.past(now).busy(false));
        leave(event);
      }
      case UNKNOWN -> {
        LOG.warn("event {} is not run: nobody knows whether it has been", event.name());
        update(event, due -> due.past(now).busy(false));
        leave(event);
      }
      case STALE -> {
        update(event, due -> due.busy(false));
        leave(event);
        again();
      }
    }
  }

  private void run(EventDefinition event) {
    metrics.began();
    ports
        .bodies()
        .run(event)
        .onFailure(
            cause -> {
              metrics.failed();
              LOG.warn(
                  "event {} of {} failed: {}", event.name(), event.definer(), cause.getMessage());
            })
        .onComplete(
            done -> {
              leave(event);
              Optional.ofNullable(agenda.get(event.name()))
                  .filter(due -> due.isOver() && !underWay.containsKey(event.name()))
                  .ifPresent(due -> end(due.event()));
            });
  }

  private void leave(EventDefinition event) {
    underWay.computeIfPresent(event.name(), (name, count) -> count == 1 ? null : count - 1);
  }

  private void end(EventDefinition event) {
    update(event, due -> due.busy(true));
    ports
        .order()
        .end(event, basis)
        .onSuccess(
            ended -> {
              if (ended) {
                agenda.computeIfPresent(
                    event.name(), (name, due) -> due.event().equals(event) ? null : due);
              } else {
                update(event, due -> due.busy(false));
                again();
              }
            })
        .onFailure(
            cause -> {
              LOG.info("event {} is not ended yet: {}", event.name(), cause.getMessage());
              update(event, due -> due.busy(false));
            });
  }

  /** Looks anew at once, since what was read no longer holds. */
  private void again() {
    definitions = Optional.empty();
    if (stale++ < STALE_MAX) {
      look();
    }
  }

  /** Unless the definition is another by now. */
  private void update(EventDefinition event, UnaryOperator<Due> change) {
    agenda.computeIfPresent(
        event.name(), (name, due) -> due.event().equals(event) ? change.apply(due) : due);
  }
}
