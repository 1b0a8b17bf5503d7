package io.lockstep.runtime.cluster;

import io.lockstep.bus.VertxBus;
import io.lockstep.bus.VertxTimers;
import io.lockstep.model.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vert.x's Infinispan cluster manager on Infinispan 15, whose cache manager no longer shows its
 * transport: what asked it there is answered from the configuration and the view.
 *
 * <p>It also remembers what this node has told the others of itself. A node that stood still for
 * long is struck off by them, with all that it had registered, and after the merge the caches are
 * those of the larger part: without being told again, nobody would ever reach it. And what a merge
 * brings to a cache is no event: who had looked an address up before would go on with what it found
 * then, unless it looks again. It looks beforehand, too, for what it may have to send to ({@link
 * PatientLookups}).
 */
final class GridForVertx extends InfinispanClusterManager {
  private static final Logger LOG = LoggerFactory.getLogger(GridForVertx.class);

  private final DefaultCacheManager container;
  private final NodeId self;
  private final List<NodeId> others;
  private final String host;
  private final Set<Told> told = ConcurrentHashMap.newKeySet();

  /** What this node sends to, as far as it goes by what it has looked up. */
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  /** From {@link #init} on. */
  private volatile Optional<PatientLookups<RegistrationInfo>> lookups = Optional.empty();

  private volatile Optional<RegistrationListener> selector = Optional.empty();

  private record Told(String address, RegistrationInfo registration) {}

  GridForVertx(DefaultCacheManager container, ClusterOptions options) {
    super(container);
    this.container = container;
    this.self = options.self();
    this.others = options.nodes().stream().filter(node -> !node.equals(self)).toList();
    this.host = options.own().host();
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    lookups = Optional.of(new PatientLookups<>(super::getRegistrations, new VertxTimers(vertx)));
  }

  private PatientLookups<RegistrationInfo> lookups() {
    return lookups.orElseThrow(() -> new IllegalStateException("there is no Vert.x yet"));
  }

  @Override
  public List<String> getNodes() {
    return Objects.requireNonNullElse(container.getMembers(), List.<Address>of()).stream()
        .map(Address::toString)
        .toList();
  }

  @Override
  public String clusterHost() {
    return host;
  }

  @Override
  public String clusterPublicHost() {
    return host;
  }

  @Override
  public void addRegistration(
      String address, RegistrationInfo registration, Completable<Void> done) {
    told.add(new Told(address, registration));
    super.addRegistration(address, registration, done);
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> done) {
    told.remove(new Told(address, registration));
    super.removeRegistration(address, registration, done);
  }

  @Override
  public synchronized void registrationListener(RegistrationListener listener) {
    selector = Optional.of(listener);
    super.registrationListener(listener);
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> found) {
    asked.add(address);
    lookups().find(address, found);
  }

  /**
   * Tells the others once more where this node is and what it listens to, and looks once more for
   * who listens to what it sends. From any thread.
   */
  void heal() {
    setNodeInfo(getNodeInfo(), GridForVertx::noted);
    told.forEach(this::tellAgain);
    lookAgain();
  }

  /**
   * The same, but tells only what is missing in this node's own copy. A write waits for every node
   * of the view, and what is being written cannot be looked up: while one node hangs, nobody would
   * find the way to the others for as long.
   */
  void mend() {
    super.getNodeInfo(
        getNodeId(),
        (found, missing) -> {
          if (missing != null) {
            setNodeInfo(getNodeInfo(), GridForVertx::noted);
          }
        });
    told.forEach(this::tellIfMissing);
    others.forEach(this::learnOf);
    lookAgain();
  }

  /** Every node listens to the same, each under its own name. */
  private void learnOf(NodeId other) {
    told.stream()
        .map(one -> VertxBus.elsewhere(one.address(), self, other))
        .flatMap(Optional::stream)
        .forEach(address -> lookups().fresh(address, (found, failure) -> {}));
  }

  private void tellIfMissing(Told one) {
    lookups()
        .fresh(
            one.address(),
            (found, failure) -> {
              if (failure == null && !found.contains(one.registration())) {
                tellAgain(one);
              }
            });
  }

  private void tellAgain(Told one) {
    super.addRegistration(one.address(), one.registration(), GridForVertx::noted);
  }

  private void lookAgain() {
    selector.ifPresent(
        listener -> {
          asked.removeIf(address -> !listener.wantsUpdatesFor(address));
          asked.forEach(address -> lookAgain(listener, address));
        });
  }

  private void lookAgain(RegistrationListener listener, String address) {
    lookups()
        .fresh(
            address,
            (found, failure) -> {
              if (failure != null) {
                LOG.warn("not known who listens to {}", address, failure);
              } else {
                listener.registrationsUpdated(new RegistrationUpdateEvent(address, found));
              }
            });
  }

  private static void noted(Void nothing, Throwable failure) {
    if (failure != null) {
      LOG.warn("the others were not told what this node listens to", failure);
    }
  }
}
