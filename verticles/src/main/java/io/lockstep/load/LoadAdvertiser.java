package io.lockstep.load;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells every node about this one, twice a second, and at once when told that its state changed.
 * Runs on one context.
 */
public final class LoadAdvertiser {
  public static final Duration PERIOD = Duration.ofMillis(500);

  private final Bus bus;
  private final Timers timers;
  private final NodeId node;
  private final Endpoints endpoints;
  private final LoadMeter meter;
  private final SelfReport self;
  private long count;
  private Optional<Timers.Timer> next = Optional.empty();

  public LoadAdvertiser(
      Bus bus, Timers timers, NodeId node, Endpoints endpoints, LoadMeter meter, SelfReport self) {
    this.bus = bus;
    this.timers = timers;
    this.node = node;
    this.endpoints = endpoints;
    this.meter = meter;
    this.self = self;
  }

  /** Begins to advertise. The count starts at the wall clock, so that it rises over a restart. */
  public void start() {
    count = Math.max(count, timers.now().toEpochMilli());
    tick();
  }

  /** Advertises now, besides the regular adverts: role, service or drain has changed. */
  public void changed() {
    if (next.isPresent()) {
      advertise();
    }
  }

  /** Stops; other nodes drop this node's advert when it is stale. */
  public void stop() {
    next.ifPresent(Timers.Timer::cancel);
    next = Optional.empty();
    meter.close();
  }

  private void tick() {
    meter.measure();
    advertise();
    next = Optional.of(timers.after(PERIOD, this::tick));
  }

  private void advertise() {
    count++;
    bus.publish(
        LoadAdvertCodec.TOPIC,
        new LoadAdvert(
            node,
            count,
            endpoints,
            meter.figures(),
            self.progress(),
            self.standing(),
            self.checkpoints()));
  }
}
