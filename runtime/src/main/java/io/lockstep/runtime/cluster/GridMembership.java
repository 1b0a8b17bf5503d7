package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.remoting.transport.Address;

/** The view of the Infinispan container. Calls its listeners on Infinispan's threads. */
@Listener(sync = false)
public final class GridMembership implements Membership {
  private final DefaultCacheManager container;
  private final List<NodeId> configured;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> mergers = new CopyOnWriteArrayList<>();
  private final List<Consumer<NodeId>> mourners = new CopyOnWriteArrayList<>();

  GridMembership(DefaultCacheManager container, List<NodeId> configured) {
    this.container = container;
    this.configured = configured;
  }

  @Override
  public List<NodeId> view() {
    return nodes(Objects.requireNonNullElse(container.getMembers(), List.of())).toList();
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void onGone(Consumer<NodeId> listener) {
    mourners.add(listener);
  }

  /** {@code listener} hears when parts of the group have found each other again. */
  void onMerge(Runnable listener) {
    mergers.add(listener);
  }

  /** Tells nobody any more. */
  void close() {
    listeners.clear();
    mergers.clear();
    mourners.clear();
  }

  /** Called by Infinispan. */
  @ViewChanged
  @Merged
  public void changed(ViewChangedEvent event) {
    listeners.forEach(Runnable::run);
    if (event.isMergeView()) {
      mergers.forEach(Runnable::run);
    }
    List<Address> left = new ArrayList<>(event.getOldMembers());
    left.removeAll(event.getNewMembers());
    nodes(left).forEach(node -> mourners.forEach(listener -> listener.accept(node)));
  }

  private Stream<NodeId> nodes(List<Address> lives) {
    return lives.stream()
        .map(address -> GridName.nodeOf(address.toString(), configured))
        .flatMap(Optional::stream)
        .distinct();
  }
}
