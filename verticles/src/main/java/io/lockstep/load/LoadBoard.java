package io.lockstep.load;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The latest advert of every node. One that has not been renewed for {@link #STALE_AFTER}, by this
 * node's own clock, is as good as none. Written on the context that opened it; readable on any
 * thread.
 */
public final class LoadBoard {
  /** Four adverts have been missed. */
  public static final Duration STALE_AFTER = Duration.ofSeconds(2);

  /** How often it looks for nodes that are not heard of any more. */
  static final Duration LOOK = Duration.ofMillis(250);

  /** An advert and how long ago it was heard. */
  public record Heard(LoadAdvert advert, Duration age) {}

  private record Entry(LoadAdvert advert, long heardAtNanos) {}

  private final Timers timers;
  private final Latest<Map<NodeId, Entry>> entries = new Latest<>(Map.of());
  private final List<Consumer<LoadAdvert>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<NodeId>> mourners = new CopyOnWriteArrayList<>();

  public LoadBoard(Timers timers) {
    this.timers = timers;
  }

  /** Begins to hear adverts from the bus. */
  public Future<Bus.Registration> open(Bus bus) {
    return bus.hear(LoadAdvertCodec.TOPIC, this::heard).onSuccess(hearing -> lookLater());
  }

  /** Takes an advert; an older one than is already here changes nothing. */
  public void heard(LoadAdvert advert) {
    Map<NodeId, Entry> before = entries.get();
    Optional<Entry> known = Optional.ofNullable(before.get(advert.node()));
    if (known.filter(entry -> fresh(entry) && entry.advert.count() >= advert.count()).isPresent()) {
      return;
    }
    Map<NodeId, Entry> after = new TreeMap<>(before);
    after.put(advert.node(), new Entry(advert, timers.nanos()));
    entries.set(Map.copyOf(after));
    listeners.forEach(listener -> listener.accept(advert));
  }

  /** Is told of every advert that is news, on the board's context. */
  public void onAdvert(Consumer<LoadAdvert> listener) {
    listeners.add(listener);
  }

  /**
   * A node has left the group, which is known sooner than its advert grows stale. If it only seemed
   * so, its next advert brings it back.
   */
  public void gone(NodeId node) {
    Map<NodeId, Entry> after = new TreeMap<>(entries.get());
    after.remove(node);
    entries.set(Map.copyOf(after));
    mourners.forEach(listener -> listener.accept(node));
  }

  /** Is told of every node that is gone or whose advert is stale, on the board's context. */
  public void onGone(Consumer<NodeId> listener) {
    mourners.add(listener);
  }

  /** The advert of one node, unless stale. */
  public Optional<LoadAdvert> of(NodeId node) {
    return Optional.ofNullable(entries.get().get(node)).filter(this::fresh).map(Entry::advert);
  }

  /** Every advert that is not stale, by node. */
  public List<LoadAdvert> adverts() {
    return heard().stream().map(Heard::advert).toList();
  }

  /** Every advert that is not stale, by node, with its age. */
  public List<Heard> heard() {
    return entries.get().values().stream()
        .filter(this::fresh)
        .map(entry -> new Heard(entry.advert, age(entry)))
        .sorted((a, b) -> a.advert.node().compareTo(b.advert.node()))
        .toList();
  }

  private void lookLater() {
    timers.after(LOOK, this::look);
  }

  private void look() {
    entries.get().values().stream()
        .filter(entry -> !fresh(entry))
        .map(entry -> entry.advert.node())
        .forEach(this::gone);
    lookLater();
  }

  private boolean fresh(Entry entry) {
    return age(entry).compareTo(STALE_AFTER) <= 0;
  }

  private Duration age(Entry entry) {
    return Duration.ofNanos(Math.max(0, timers.nanos() - entry.heardAtNanos));
  }
}
