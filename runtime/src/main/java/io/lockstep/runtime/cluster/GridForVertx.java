package io.lockstep.runtime.cluster;

import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.Objects;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.Address;

/**
 * Vert.x's Infinispan cluster manager on Infinispan 15, whose cache manager no longer shows its
 * transport: what asked it there is answered from the configuration and the view.
 */
final class GridForVertx extends InfinispanClusterManager {
  private final DefaultCacheManager container;
  private final String host;

  GridForVertx(DefaultCacheManager container, String host) {
    super(container);
    this.container = container;
    this.host = host;
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
}
