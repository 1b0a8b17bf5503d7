package io.lockstep.runtime.cluster;

import java.util.List;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;

/**
 * Builds the Infinispan container that carries Vert.x's registrations and the sequencer's record.
 */
final class GridConfiguration {
  static final String SEQUENCER_CACHE = "lockstep.sequencer";

  /** The caches that vertx-infinispan 5.0.7 uses, from its own default configuration. */
  private static final List<String> VERTX_CACHES =
      List.of("__vertx.subs", "__vertx.haInfo", "__vertx.nodeInfo");

  private static final String VERTX_MAPS = "__vertx.distributed.cache.configuration";
  private static final String CLUSTER = "lockstep";

  private GridConfiguration() {}

  /** Not started yet. */
  static DefaultCacheManager container(ClusterOptions options, String nodeName) {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global.transport().defaultTransport().clusterName(CLUSTER).nodeName(nodeName);
    options
        .jgroupsFile()
        .ifPresentOrElse(
            file ->
                global
                    .transport()
                    .addProperty(JGroupsTransport.CONFIGURATION_FILE, file.toString()),
            () ->
                global
                    .transport()
                    .addProperty(JGroupsTransport.CONFIGURATION_XML, JgroupsStack.xml(options)));
    global.jmx().enabled(false);
    global.metrics().gauges(false).histograms(false);
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    DefaultCacheManager container = new DefaultCacheManager(global.build(), false);
    for (String name : VERTX_CACHES) {
      container.defineConfiguration(name, replicated().build());
    }
    ConfigurationBuilder maps = new ConfigurationBuilder();
    maps.clustering().cacheMode(CacheMode.DIST_SYNC);
    container.defineConfiguration(VERTX_MAPS, maps.template(true).build());
    ConfigurationBuilder records = replicated();
    records.encoding().mediaType(MediaType.APPLICATION_OBJECT_TYPE);
    container.defineConfiguration(SEQUENCER_CACHE, records.build());
    return container;
  }

  private static ConfigurationBuilder replicated() {
    ConfigurationBuilder cache = new ConfigurationBuilder();
    cache.clustering().cacheMode(CacheMode.REPL_SYNC);
    return cache;
  }
}
