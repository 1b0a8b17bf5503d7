package io.lockstep.runtime.cluster;

import io.lockstep.bus.Bus;
import io.lockstep.bus.VertxBus;
import io.lockstep.bus.VertxTimers;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.lockstep.runtime.log.RatisOrderedLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.infinispan.manager.DefaultCacheManager;

/**
 * This node in its cluster: the clustered Vert.x, the bus, the view, the ordered log and the
 * election. Built by {@link #start}; the log is opened by {@link #openLog} once the database's
 * position is known. Safe on any thread.
 */
public final class ClusterNode {
  /** After a merge; the caches may still be settling the first time. */
  private static final List<Long> HEALED_AFTER_MS = List.of(1L, 2_000L);

  /** Without any sign: not all that a merge loses is lost at the time of the merge. */
  private static final long MENDED_EVERY_MS = 5_000;

  /** The others' copies may miss what this node's own has. */
  private static final long HEALED_EVERY_MS = 60_000;

  private final ClusterOptions options;
  private final DefaultCacheManager container;
  private final Vertx vertx;
  private final Context context;
  private final Bus bus;
  private final GridMembership membership;
  private final GridSequencerRecords records;
  private final RatisOrderedLog log;
  private volatile Optional<SequencerElection> election = Optional.empty();

  private ClusterNode(
      ClusterOptions options,
      DefaultCacheManager container,
      Vertx vertx,
      VertxBus bus,
      GridMembership membership,
      GridSequencerRecords records) {
    this.options = options;
    this.container = container;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.bus = bus;
    this.membership = membership;
    this.records = records;
    this.log =
        new RatisOrderedLog(
            options.log(),
            new BusCommitHints(
                bus,
                context,
                options.nodes().stream().filter(node -> !node.equals(options.self())).toList()));
  }

  /**
   * Joins the group and starts a clustered Vert.x. {@code vertxOptions} may say anything but where
   * the event bus listens.
   */
  public static Future<ClusterNode> start(ClusterOptions options, VertxOptions vertxOptions) {
    DefaultCacheManager container =
        GridConfiguration.container(options, GridName.newLife(options.self()));
    Member own = options.own();
    EventBusOptions eventBus =
        vertxOptions
            .getEventBusOptions()
            .setHost(own.host())
            .setPort(own.busPort())
            .setClusterPublicHost(own.host())
            .setClusterPublicPort(own.busPort());
    GridForVertx grid = new GridForVertx(container, options);
    return GridStart.started(container)
        .compose(
            started ->
                Vertx.builder()
                    .with(vertxOptions.setEventBusOptions(eventBus))
                    .withClusterManager(grid)
                    .buildClustered())
        .map(vertx -> joined(options, container, grid, vertx))
        .onFailure(failed -> container.stop());
  }

  private static ClusterNode joined(
      ClusterOptions options, DefaultCacheManager container, GridForVertx grid, Vertx vertx) {
    GridMembership membership = new GridMembership(container, options.nodes());
    container.addListener(membership);
    Runnable healing = () -> HEALED_AFTER_MS.forEach(ms -> vertx.setTimer(ms, due -> grid.heal()));
    membership.onMerge(healing);
    // A merge while this node joined has been heard by nobody.
    healing.run();
    vertx.setPeriodic(MENDED_EVERY_MS, due -> grid.mend());
    vertx.setPeriodic(HEALED_EVERY_MS, due -> grid.heal());
    GridSequencerRecords records =
        new GridSequencerRecords(container.getCache(GridConfiguration.SEQUENCER_CACHE));
    records.listen();
    VertxBus bus = VertxBus.on(vertx, options.self());
    membership.onGone(bus::gone);
    return new ClusterNode(options, container, vertx, bus, membership, records);
  }

  public NodeId self() {
    return options.self();
  }

  public Vertx vertx() {
    return vertx;
  }

  public Bus bus() {
    return bus;
  }

  public Membership membership() {
    return membership;
  }

  /** Who stamps: hints for the proposers. */
  public SequencerRecords records() {
    return records;
  }

  /** The node that is to sequence, by this node's view; on any thread. */
  public Optional<NodeId> designated() {
    return election.flatMap(SequencerElection::preferred);
  }

  /** To be opened by {@link #openLog}, not by itself. */
  public OrderedLog log() {
    return log;
  }

  /**
   * Opens the log and takes part in the election.
   *
   * @param applied up to where the database has applied the log
   * @param listener hears of leadership, on any thread
   * @param fit whether a node may sequence (not draining, not lagging); asked on a context of this
   *     Vert.x
   */
  public Future<Void> openLog(
      LogIndex applied, OrderedLog.Listener listener, Predicate<NodeId> fit) {
    SequencerElection elected =
        new SequencerElection(
            options.self(),
            options.members().size(),
            membership,
            records,
            fit,
            log::transferTo,
            log::succeed,
            new VertxTimers(vertx));
    election = Optional.of(elected);
    membership.onChange(() -> context.runOnContext(now -> elected.viewChanged()));
    membership.onGone(node -> context.runOnContext(now -> elected.gone(node)));
    records.onChange(record -> context.runOnContext(now -> elected.heard(record)));
    context.runOnContext(now -> elected.start());
    return log.open(applied, new Observed(elected, listener));
  }

  /** Leaves in order: the election, the log, the bus, the group. */
  public Future<Void> close() {
    membership.close();
    records.close();
    election.ifPresent(elected -> context.runOnContext(now -> elected.stop()));
    return log.close()
        .eventually(() -> vertx.close())
        .eventually(() -> GridStart.stopped(container));
  }

  /** Tells the election what the log tells the node. */
  private final class Observed implements OrderedLog.Listener {
    private final SequencerElection elected;
    private final OrderedLog.Listener listener;

    Observed(SequencerElection elected, OrderedLog.Listener listener) {
      this.elected = elected;
      this.listener = listener;
    }

    @Override
    public void leading(Term term, LogIndex barrier) {
      context.runOnContext(now -> elected.leading(term));
      listener.leading(term, barrier);
    }

    @Override
    public void following(Term term, Optional<NodeId> leader) {
      context.runOnContext(now -> elected.following());
      listener.following(term, leader);
    }

    @Override
    public void failed(Throwable cause) {
      context.runOnContext(now -> elected.following());
      listener.failed(cause);
    }

    @Override
    public void tooFarBehind(LogIndex firstAvailable) {
      context.runOnContext(now -> elected.following());
      listener.tooFarBehind(firstAvailable);
    }
  }
}
