package io.lockstep.chaos.live;

import io.lockstep.chaos.fuzz.Dice;
import io.lockstep.chaos.fuzz.FuzzSchema;
import io.lockstep.chaos.fuzz.FuzzStatements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Batch after batch: a random schema, random statements at all gateways at once, and then all nodes
 * compared. The first difference ends the run; the batch's statements are written down.
 */
final class FuzzRun {
  /**
   * How long and what.
   *
   * @param statements for each gateway in each batch
   */
  record Plan(long seed, Duration duration, int batchesMax, int statements) {}

  private final LiveCluster cluster;
  private final Plan plan;
  private final Path directory;
  private final Consumer<String> progress;
  private final Map<String, Long> errors = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();
  private long succeeded;

  FuzzRun(LiveCluster cluster, Plan plan, Path directory, Consumer<String> progress) {
    this.cluster = cluster;
    this.plan = plan;
    this.directory = directory;
    this.progress = progress;
  }

  Verdict run() throws Exception {
    long end = System.nanoTime() + plan.duration().toNanos();
    int batch = 0;
    while (violations.isEmpty() && batch < plan.batchesMax() && System.nanoTime() < end) {
      batch(plan.seed() + batch);
      batch++;
      progress.accept(batch + " batches, " + succeeded + " statements succeeded");
    }
    return new Verdict(
        "random statements, seed " + plan.seed() + ", " + batch + " batches",
        succeeded,
        0,
        violations,
        List.of(),
        errors);
  }

  private void batch(long seed) throws Exception {
    FuzzSchema schema = new FuzzSchema(new Dice(seed));
    String name = "fuzz" + seed;
    List<String> definitions = schema.definitions();
    define(name, definitions);
    List<FuzzClient> clients = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (NodeProcess node : cluster.nodes()) {
      FuzzClient client = new FuzzClient(node, name);
      Dice dice = new Dice(seed * 31 + clients.size());
      clients.add(client);
      Thread thread =
          new Thread(() -> client.run(new FuzzStatements(dice, schema), plan.statements()));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (FuzzClient client : clients) {
      succeeded += client.succeeded();
      client.errors().forEach((code, count) -> errors.merge(code, count, Long::sum));
      client.broken().forEach(one -> violations.add("seed " + seed + ": " + one));
    }
    if (cluster.verify() != 0) {
      violations.add("seed " + seed + ": nodes differ, or one is out of service");
    }
    if (!violations.isEmpty()) {
      // The tables stay for who looks into it.
      write(seed, definitions, clients);
      return;
    }
    try (Connection first = first();
        Statement statement = first.createStatement()) {
      statement.execute("DROP DATABASE " + name);
    }
  }

  private Connection first() throws SQLException {
    return DriverManager.getConnection(cluster.nodes().get(0).jdbcUrl());
  }

  private void define(String name, List<String> definitions) throws SQLException {
    try (Connection first = first();
        Statement statement = first.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name);
      statement.execute("CREATE DATABASE " + name);
      statement.execute("USE " + name);
      for (String definition : definitions) {
        try {
          statement.execute(definition);
        } catch (SQLException e) {
          errors.merge("definition " + e.getErrorCode(), 1L, Long::sum);
        }
      }
    }
  }

  private void write(long seed, List<String> definitions, List<FuzzClient> clients)
      throws IOException {
    StringBuilder text = new StringBuilder();
    definitions.forEach(one -> text.append(one).append(";\n"));
    clients.forEach(client -> text.append(client.text()));
    Path file = directory.resolve("seed-" + seed + ".sql");
    Files.createDirectories(directory);
    Files.writeString(file, text);
    violations.add("its statements: " + file);
  }
}
