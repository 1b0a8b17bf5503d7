package io.lockstep.chaos.live;

import io.lockstep.chaos.history.Fate;
import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.history.Transaction;
import io.lockstep.chaos.workload.Sql;
import io.lockstep.chaos.workload.Workload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Clients of one workload on fresh tables, and what they did and saw. Safe for many threads. */
final class TransactionsRound {
  private static final Duration SEEN_EVERYWHERE_WITHIN = Duration.ofSeconds(30);
  private static final Duration STOP_WITHIN = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * What all rounds of a run share.
   *
   * @param url of a gateway's MySQL port; or, for comparison, of one plain server
   */
  record Surroundings(
      Disturbances gateways,
      Timeline timeline,
      Function<NodeProcess, String> url,
      AtomicInteger sessions) {}

  private final Surroundings surroundings;
  private final Level level;
  private final Workload workload;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Transaction> transactions = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicLong> conflicts = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> unexpected = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> expected = new ConcurrentHashMap<>();
  private long lastedMs;

  TransactionsRound(Surroundings surroundings, Level level, Workload workload) {
    this.surroundings = surroundings;
    this.level = level;
    this.workload = workload;
  }

  /** Makes the tables at one gateway, and waits until all of them serve these. */
  void prepare() throws SQLException {
    try (Sql sql = Sql.connect(url(gateway(0)), level, false)) {
      workload.create(sql);
      Object fresh = workload.end(sql);
      for (int i = 1; i < surroundings.gateways().count(); i++) {
        NodeProcess other = gateway(i);
        Waiting.until(
            "fresh tables at " + other.node(),
            SEEN_EVERYWHERE_WITHIN,
            PAUSE,
            () -> fresh.equals(endAt(url(other))));
      }
    }
  }

  /** What a server holds; empty if it does not tell. */
  Map<Integer, List<Long>> endAt(String url) {
    try (Sql sql = Sql.connect(url, level, false)) {
      return workload.end(sql);
    } catch (SQLException e) {
      return Map.of(Integer.MIN_VALUE, List.of());
    }
  }

  /** Runs the clients until {@code meanwhile} returns. */
  void run(int clients, long seed, Consumer<BooleanSupplier> meanwhile)
      throws InterruptedException {
    long fromMs = surroundings.timeline().nowMs();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      for (int i = 0; i < clients; i++) {
        threads.execute(
            new TransactionsClient(i, workload, this, new Random(seed * 1_000_003 + i)));
      }
      meanwhile.accept(stopped::get);
    } finally {
      stopped.set(true);
      threads.shutdown();
    }
    lastedMs = surroundings.timeline().nowMs() - fromMs;
    if (!threads.awaitTermination(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("clients did not end: a statement hangs");
    }
  }

  boolean stopped() {
    return stopped.get();
  }

  Level level() {
    return level;
  }

  NodeProcess gateway(int number) {
    return surroundings.gateways().gateway(number % surroundings.gateways().count());
  }

  String url(NodeProcess node) {
    return surroundings.url().apply(node);
  }

  int nextSession() {
    return surroundings.sessions().incrementAndGet();
  }

  void note(Transaction transaction) {
    transactions.add(transaction);
    if (transaction.fate() == Fate.COMMITTED) {
      surroundings.timeline().acknowledged();
    } else {
      surroundings.timeline().failed();
    }
  }

  /** An error that transactions must expect. */
  void conflict(String what) {
    count(conflicts, what);
  }

  /** Any other error; expected only from a gateway that is disturbed by a fault. */
  void error(NodeProcess at, String what) {
    if (surroundings.gateways().disturbed(at.node())) {
      count(expected, "(dead gateway) " + what);
    } else {
      count(unexpected, at.node() + ": " + what);
      surroundings.timeline().mark("error at " + at.node() + ": " + what);
    }
  }

  private static void count(Map<String, AtomicLong> counts, String what) {
    counts.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
  }

  List<Transaction> transactions() {
    return List.copyOf(transactions);
  }

  long count(Fate fate) {
    return transactions.stream().filter(one -> one.fate() == fate).count();
  }

  long lastedMs() {
    return lastedMs;
  }

  /** Errors that nobody should have seen. */
  Map<String, Long> unexpected() {
    return numbers(unexpected);
  }

  /** All errors. */
  Map<String, Long> errors() {
    Map<String, Long> all = numbers(conflicts);
    all.putAll(numbers(unexpected));
    all.putAll(numbers(expected));
    return all;
  }

  private static Map<String, Long> numbers(Map<String, AtomicLong> counts) {
    Map<String, Long> numbers = new TreeMap<>();
    counts.forEach((what, count) -> numbers.put(what, count.get()));
    return numbers;
  }
}
