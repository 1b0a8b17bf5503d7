package io.lockstep.chaos.live;

import io.lockstep.chaos.history.Anomaly;
import io.lockstep.chaos.history.Endings;
import io.lockstep.chaos.history.Fate;
import io.lockstep.chaos.history.History;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.workload.Workload;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Rounds of transactions on a cluster, faults from a seed, and a check behind each round. Used from
 * one thread.
 */
final class TransactionsRun {
  private static final Duration SAME_WITHIN = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int ANOMALIES_MAX = 5;

  /**
   * What a run does.
   *
   * @param workloads and {@code levels} in turn, round by round
   * @param rounds the run ends after as many, or after {@code lasting}
   * @param calm how long the cluster is left alone before a fault and while a node is away
   * @param plain at the database of the first node, past Lockstep: what one server does
   */
  record Plan(
      List<String> workloads,
      List<Level> levels,
      Optional<Fault> fault,
      long seed,
      int clients,
      int rounds,
      Duration lasting,
      Duration round,
      Duration calm,
      boolean plain) {}

  private final LiveCluster cluster;
  private final Plan plan;
  private final Consumer<String> progress;
  private final Timeline timeline = new Timeline();
  private final Disturbances gateways;
  private final Random random;
  private final List<String> violations = new ArrayList<>();
  private final List<Long> gapsMs = new ArrayList<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, Long> allowed = new TreeMap<>();
  private long committed;
  private long aborted;
  private long unknown;
  private long lastedMs;

  /** {@code progress} hears a line for every round. */
  TransactionsRun(LiveCluster cluster, Plan plan, Consumer<String> progress) {
    this.cluster = cluster;
    this.plan = plan;
    this.progress = progress;
    this.gateways =
        new Disturbances(plan.plain() ? cluster.nodes().subList(0, 1) : cluster.nodes());
    this.random = new Random(plan.seed());
  }

  Timeline timeline() {
    return timeline;
  }

  /** What InnoDB allows and the checkers found, by name. */
  Map<String, Long> allowed() {
    return Map.copyOf(allowed);
  }

  Verdict run() throws SQLException, InterruptedException {
    createSchema();
    TransactionsRound.Surroundings surroundings =
        new TransactionsRound.Surroundings(gateways, timeline, this::url, new AtomicInteger());
    long endMs = plan.lasting().toMillis();
    for (int i = 0; i < plan.rounds() && timeline.nowMs() < endMs; i++) {
      Level level = plan.levels().get(i % plan.levels().size());
      int turn = i / plan.levels().size();
      String name = plan.workloads().get(turn % plan.workloads().size());
      Workload workload = Workload.named(name, level);
      TransactionsRound round = new TransactionsRound(surroundings, level, workload);
      String title = "round " + i + ", " + name + " at " + level.sql();
      timeline.mark(title);
      round.prepare();
      round.run(plan.clients(), plan.seed() * 1_000 + i, stopped -> meanwhile());
      check(title, round, workload);
    }
    if (!plan.plain() && cluster.verify() != 0 && cluster.verify() != 0) {
      violations.add("verify fails");
    }
    return verdict();
  }

  private String url(NodeProcess node) {
    return plan.plain() ? node.databaseUrl() : node.jdbcUrl();
  }

  private void createSchema() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(gateways.gateway(0)));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS " + Workload.SCHEMA);
    }
  }

  private void meanwhile() {
    long endMs = timeline.nowMs() + plan.round().toMillis();
    if (plan.fault().isEmpty()) {
      Waiting.sleep(plan.round());
      return;
    }
    while (timeline.nowMs() < endMs) {
      Waiting.sleep(plan.calm());
      strike(plan.fault().get());
    }
    Waiting.sleep(plan.calm());
  }

  private void strike(Fault fault) {
    List<String> victims = fault.victims(cluster, random);
    List<String> dead = fault.deadGateways(victims);
    long fromMs = timeline.nowMs();
    dead.forEach(gateways::begin);
    timeline.mark(fault + " " + victims);
    victims.forEach(victim -> fault.strike(cluster, victim));
    Waiting.sleep(plan.calm());
    gapsMs.add(timeline.longestGapMs(fromMs, timeline.nowMs()));
    victims.forEach(victim -> fault.mend(cluster, victim));
    victims.forEach(cluster::awaitReady);
    timeline.mark("ready again " + victims);
    dead.forEach(gateways::end);
  }

  private void check(String title, TransactionsRound round, Workload workload) {
    List<Map<Integer, List<Long>>> ends = new ArrayList<>();
    boolean same =
        Waiting.quietly(
            SAME_WITHIN,
            PAUSE,
            () -> {
              ends.clear();
              ends.addAll(ends(round));
              return ends.stream().distinct().count() == 1;
            });
    if (!same) {
      violations.add(title + ": the nodes do not hold the same");
    }
    History told = new History(round.level(), round.transactions(), ends.get(0));
    Endings endings = new Endings(told);
    List<Anomaly> anomalies =
        Stream.concat(endings.anomalies().stream(), workload.judge(endings.resolved()).stream())
            .toList();
    anomalies.stream()
        .filter(one -> !one.allowed())
        .limit(ANOMALIES_MAX)
        .forEach(one -> violations.add(title + ": " + one));
    round.unexpected().forEach((what, n) -> violations.add(title + ": " + n + " x " + what));
    Map<String, Long> names = new TreeMap<>();
    anomalies.forEach(one -> names.merge(one.name(), 1L, Long::sum));
    anomalies.stream()
        .filter(Anomaly::allowed)
        .forEach(one -> allowed.merge(one.name(), 1L, Long::sum));
    count(title, round, names);
  }

  private List<Map<Integer, List<Long>>> ends(TransactionsRound round) {
    List<NodeProcess> nodes = plan.plain() ? cluster.nodes().subList(0, 1) : cluster.nodes();
    return nodes.stream().map(NodeProcess::databaseUrl).map(round::endAt).toList();
  }

  private void count(String title, TransactionsRound round, Map<String, Long> names) {
    long done = round.count(Fate.COMMITTED);
    long not = round.count(Fate.ABORTED);
    committed += done;
    aborted += not;
    unknown += round.count(Fate.UNKNOWN);
    lastedMs += round.lastedMs();
    round.errors().forEach((what, n) -> errors.merge(what, n, Long::sum));
    String line =
        title
            + ": "
            + rate(done, not, round.lastedMs())
            + ", anomalies "
            + names
            + ", errors "
            + round.errors();
    timeline.mark(line);
    progress.accept(line);
  }

  private static String rate(long done, long not, long ms) {
    return String.format(
        java.util.Locale.ROOT,
        "%d committed, %.0f/s, %.1f %% aborted",
        done,
        done * 1000.0 / Math.max(1, ms),
        100.0 * not / Math.max(1, done + not));
  }

  private Verdict verdict() {
    allowed.forEach((name, n) -> errors.put("(anomaly that InnoDB allows) " + name, n));
    return new Verdict(
        "transactions "
            + plan.workloads()
            + " at "
            + plan.levels()
            + ", faults "
            + plan.fault().map(Fault::toString).orElse("none")
            + ", seed "
            + plan.seed()
            + (plan.plain() ? ", on one plain server: " : ": ")
            + rate(committed, aborted, lastedMs),
        committed,
        unknown,
        List.copyOf(violations),
        List.copyOf(gapsMs),
        Map.copyOf(errors));
  }
}
