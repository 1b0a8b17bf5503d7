package io.lockstep.chaos.live;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run: load on a cluster, faults from a seed, then the check. Used from one thread. */
final class ChaosRun {
  /** How long around a fault a pause counts as its own. */
  private static final Duration AROUND_FAULT = Duration.ofSeconds(10);

  /** The most that a survivor's client may wait around a fault, once. */
  static final Duration SHORT_STALL = Duration.ofSeconds(5);

  private static final Duration STOP_WITHIN = Duration.ofMinutes(1);
  private static final int VERIFY_ATTEMPTS_MAX = 3;

  /**
   * What a run does.
   *
   * @param faults in turn
   * @param clients how many clients write; half of them through HTTP
   * @param pause of a client between two writes
   * @param faultsMax the run ends after as many faults, or after {@code lasting}
   * @param calm how long the cluster is left alone before each fault and while a node is away
   */
  record Plan(
      List<Fault> faults,
      long seed,
      int clients,
      Duration pause,
      int faultsMax,
      Duration lasting,
      Duration calm) {}

  private final LiveCluster cluster;
  private final Plan plan;
  private final Timeline timeline = new Timeline();
  private final Ledger ledger = new Ledger();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Disturbances gateways;
  private final Stalls stalls = new Stalls();
  private final List<Long> gapsMs = new ArrayList<>();
  private final List<String> longStalls = new ArrayList<>();

  ChaosRun(LiveCluster cluster, Plan plan) {
    this.cluster = cluster;
    this.plan = plan;
    this.gateways = new Disturbances(cluster.nodes());
  }

  Timeline timeline() {
    return timeline;
  }

  Verdict run() throws SQLException, InterruptedException {
    createLedger();
    ExecutorService clients = Executors.newFixedThreadPool(plan.clients());
    try {
      for (int i = 0; i < plan.clients(); i++) {
        clients.execute(client(i));
      }
      disturb();
    } finally {
      stopped.set(true);
      clients.shutdown();
    }
    if (!clients.awaitTermination(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("clients did not end: a statement hangs");
    }
    return check();
  }

  private Client client(int number) {
    Client.Surroundings surroundings =
        new Client.Surroundings(gateways, ledger, timeline, stalls, plan.pause(), stopped);
    return number % 2 == 0
        ? new MySqlClient(number, surroundings)
        : new WebClient(number, surroundings);
  }

  private void createLedger() throws SQLException {
    try (Connection connection = DriverManager.getConnection(cluster.nodes().get(0).jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS chaos");
      statement.execute("DROP TABLE IF EXISTS chaos.ledger");
      statement.execute(
          "CREATE TABLE chaos.ledger (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, client INT NOT"
              + " NULL, number BIGINT NOT NULL, note VARCHAR(100), KEY (client, number))"
              + " ENGINE=InnoDB");
    }
  }

  private void disturb() {
    Random random = new Random(plan.seed());
    long endMs = plan.lasting().toMillis();
    for (int i = 0; i < plan.faultsMax() && timeline.nowMs() < endMs; i++) {
      Waiting.sleep(plan.calm());
      Fault fault = plan.faults().get(i % plan.faults().size());
      strike(fault, fault.victims(cluster, random));
    }
    Waiting.sleep(plan.calm());
  }

  private void strike(Fault fault, List<String> victims) {
    long fromMs = timeline.nowMs();
    List<String> dead = fault.deadGateways(victims);
    dead.forEach(gateways::begin);
    timeline.mark(fault + " " + victims);
    victims.forEach(victim -> fault.strike(cluster, victim));
    Waiting.sleep(plan.calm());
    victims.forEach(victim -> fault.mend(cluster, victim));
    victims.forEach(cluster::awaitReady);
    timeline.mark("ready again " + victims);
    dead.forEach(gateways::end);
    long toMs = Math.min(timeline.nowMs(), fromMs + AROUND_FAULT.toMillis());
    gapsMs.add(timeline.longestGapMs(fromMs, toMs));
    stalls.ofSurvivors(dead, fromMs, toMs).values().forEach(stalled -> judge(fault, stalled));
  }

  private void judge(Fault fault, List<Stalls.Stall> stalled) {
    boolean shortOnes =
        stalled.stream().allMatch(stall -> stall.lastedMs() <= SHORT_STALL.toMillis());
    if (stalled.size() > 1 || !shortOnes) {
      longStalls.add("more than one short stall around " + fault + ": " + stalled);
    }
  }

  private Verdict check() throws SQLException, InterruptedException {
    timeline.mark("load ended");
    List<String> violations = new ArrayList<>();
    int verified = cluster.verify();
    for (int i = 1; verified != 0 && i < VERIFY_ATTEMPTS_MAX; i++) {
      timeline.mark("verify ended with " + verified);
      verified = cluster.verify();
    }
    if (verified != 0) {
      violations.add("verify ended with " + verified);
    }
    LedgerCheck check = new LedgerCheck(ledger);
    for (NodeProcess node : cluster.nodes()) {
      check.node(node);
    }
    violations.addAll(check.violations());
    violations.addAll(longStalls);
    if (ledger.unexpected() > 0) {
      violations.add(ledger.unexpected() + " errors on connections to living gateways");
    }
    Map<String, Long> errors = new TreeMap<>();
    ledger.errors().forEach((error, count) -> errors.put(error, count.get()));
    return new Verdict(
        plan.faults() + ", seed " + plan.seed(),
        count(Ledger.Told.ACKNOWLEDGED),
        count(Ledger.Told.UNKNOWN),
        violations,
        List.copyOf(gapsMs),
        errors);
  }

  private long count(Ledger.Told told) {
    return ledger.rows().values().stream().filter(told::equals).count();
  }
}
