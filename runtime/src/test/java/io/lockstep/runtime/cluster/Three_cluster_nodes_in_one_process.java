package io.lockstep.runtime.cluster;

import static io.lockstep.runtime.Patience.await;
import static io.lockstep.runtime.Patience.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.BusException;
import io.lockstep.bus.FreePorts;
import io.lockstep.log.HeardLeadership;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.infinispan.Cache;
import org.infinispan.context.Flag;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.multimap.impl.Bucket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class Three_cluster_nodes_in_one_process {
  private final Path directory;
  private final List<Member> members = new ArrayList<>();
  private final Map<NodeId, ClusterNode> nodes = new HashMap<>();
  private final Map<NodeId, HeardLeadership> heard = new HashMap<>();

  Three_cluster_nodes_in_one_process(@TempDir Path directory) {
    this.directory = directory;
    List<Integer> ports = FreePorts.take(9);
    for (int i = 0; i < 3; i++) {
      members.add(
          new Member(
              new NodeId("n" + (i + 1)),
              "127.0.0.1",
              ports.get(3 * i),
              ports.get(3 * i + 1),
              ports.get(3 * i + 2)));
    }
  }

  private Future<Void> starting(Member member) {
    HeardLeadership listener = new HeardLeadership();
    heard.put(member.node(), listener);
    return joining(member).compose(node -> node.openLog(LogIndex.NONE, listener, any -> true));
  }

  private Future<ClusterNode> joining(Member member) {
    ClusterOptions options =
        ClusterOptions.of(member.node(), members, directory.resolve(member.node().name()));
    return ClusterNode.start(options, new VertxOptions())
        .onSuccess(
            node -> {
              synchronized (nodes) {
                nodes.put(member.node(), node);
              }
            });
  }

  private Optional<NodeId> leading() {
    return nodes.keySet().stream()
        .filter(node -> heard.getOrDefault(node, new HeardLeadership()).leads())
        .findFirst();
  }

  @AfterEach
  void close() {
    List.copyOf(nodes.values()).stream().map(ClusterNode::close).toList().forEach(f -> await(f));
  }

  @Test
  void see_each_other_order_entries_and_agree_on_who_sequences() {
    members.stream().map(this::starting).toList().forEach(f -> await(f));
    until(() -> nodes.values().stream().allMatch(n -> n.membership().view().size() == 3), "view");
    until(() -> leading().isPresent(), "no leader");
    NodeId leader = leading().orElseThrow();
    ClusterNode first = Optional.ofNullable(nodes.get(leader)).orElseThrow();
    Term term = heard.getOrDefault(leader, new HeardLeadership()).reigns().get(0).term();
    LogIndex at = await(first.log().append(term, Bytes.utf8("x")));
    for (ClusterNode node : nodes.values()) {
      List<OrderedLog.Committed> read = await(node.log().read(LogIndex.NONE, 10, 1 << 20));
      assertEquals(List.of(new OrderedLog.Committed(at, Bytes.utf8("x"))), read);
      until(
          () -> node.records().current().equals(Optional.of(new SequencerRecord(term, leader))),
          "no record at " + node.self() + ": " + node.records().current());
    }
  }

  @Test
  void reach_one_whose_registrations_were_lost_in_a_merge_while_it_joined() {
    await(
        joining(members.get(0))
            .map(
                node -> {
                  node.vertx().eventBus().consumer("asked", asked -> asked.reply("here"));
                  forgetAllOf(node.vertx());
                  return node;
                }));
    EventBus bus = await(joining(members.get(1))).vertx().eventBus();
    until(
        () ->
            await(
                bus.request("asked", "?", new DeliveryOptions().setSendTimeout(500))
                    .transform(answer -> Future.succeededFuture(answer.succeeded()))),
        "nobody reaches it");
  }

  @Test
  void reach_one_whose_registration_came_without_an_event() {
    EventBus here = await(joining(members.get(0))).vertx().eventBus();
    ClusterNode other = await(joining(members.get(1)));
    AtomicInteger came = new AtomicInteger();
    await(
        other.vertx().eventBus().consumer("told", message -> came.incrementAndGet()).completion());
    Cache<String, Bucket<byte[]>> subscriptions = subscriptions(other.vertx());
    byte[] there = Optional.ofNullable(subscriptions.get("told")).orElseThrow().toList().get(0);
    subscriptions.remove("told");
    await(here.consumer("told", message -> {}).completion());
    here.publish("told", "only here");
    until(() -> subscriptions.containsKey("told"), "the registration did not come");
    byte[] own = Optional.ofNullable(subscriptions.get("told")).orElseThrow().toList().get(0);
    subscriptions.put(
        "told", Optional.ofNullable(new Bucket<>(own).add(there, false)).orElseThrow());
    until(
        () -> {
          here.publish("told", "everybody");
          return came.get() > 0;
        },
        "what is told does not come");
  }

  @Test
  void do_not_wait_for_the_answer_of_one_that_has_left() {
    ClusterNode here = await(joining(members.get(0)));
    ClusterNode other = await(joining(members.get(1)));
    Promise<Seq> asked = Promise.promise();
    await(
        other
            .bus()
            .answer(
                Addresses.REACHED,
                seq -> {
                  asked.complete(seq);
                  return Promise.<Seq>promise().future();
                }));
    List<NodeId> gone = new CopyOnWriteArrayList<>();
    here.membership().onGone(gone::add);
    Future<Seq> answer =
        here.bus().ask(Addresses.REACHED, other.self(), new Seq(1), Duration.ofDays(1));
    await(asked.future());
    nodes.remove(other.self());
    await(other.close());
    until(answer::isComplete, "it waits");
    assertInstanceOf(BusException.class, answer.cause());
    assertEquals(List.of(other.self()), gone);
  }

  @Test
  void tell_again_what_the_grid_misses_of_them() {
    ClusterNode here = await(joining(members.get(0)));
    await(here.vertx().eventBus().consumer("asked", asked -> asked.reply("here")).completion());
    Cache<String, Bucket<byte[]>> subscriptions = subscriptions(here.vertx());
    // All is told anyway two seconds after it has joined.
    LockSupport.parkNanos(Duration.ofMillis(2_500).toNanos());
    subscriptions.remove("asked");
    grid(here.vertx()).mend();
    until(() -> subscriptions.containsKey("asked"), "it is not told again");
  }

  private static GridForVertx grid(Vertx vertx) {
    if (((VertxInternal) vertx).clusterManager() instanceof GridForVertx grid) {
      return grid;
    }
    throw new IllegalStateException("another cluster manager");
  }

  /** Changes through it are heard by nobody. */
  private static Cache<String, Bucket<byte[]>> subscriptions(Vertx vertx) {
    if (((VertxInternal) vertx).clusterManager() instanceof InfinispanClusterManager grid) {
      Cache<String, Bucket<byte[]>> cache =
          ((EmbeddedCacheManager) grid.getCacheContainer()).getCache("__vertx.subs");
      return cache.getAdvancedCache().withFlags(Flag.SKIP_LISTENER_NOTIFICATION);
    }
    throw new IllegalStateException("another cluster manager");
  }

  /** What the caches are after a merge with a larger part. */
  private static void forgetAllOf(Vertx vertx) {
    if (((VertxInternal) vertx).clusterManager() instanceof InfinispanClusterManager grid) {
      List.of("__vertx.nodeInfo", "__vertx.subs")
          .forEach(name -> grid.getCacheContainer().getCache(name).clear());
    }
  }
}
