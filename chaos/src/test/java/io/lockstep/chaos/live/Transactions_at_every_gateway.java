package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.chaos.history.Level;
import io.lockstep.chaos.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code chaos/run.sh transactions}: every workload once at each level. Another
 * seed: {@code -Dchaos.seed=N}.
 */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class Transactions_at_every_gateway {
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration ROUND = Duration.ofMillis(700);

  /** One server commits in it more than the cluster in a round. */
  private static final Duration PLAIN_ROUND = Duration.ofMillis(300);

  private static final List<Level> BOTH = List.of(Level.REPEATABLE_READ, Level.SERIALIZABLE);

  private static TransactionsRun.Plan plan(boolean plain) {
    return new TransactionsRun.Plan(
        Workload.names(),
        BOTH,
        Optional.empty(),
        Long.getLong("chaos.seed", 7L),
        9,
        Workload.names().size() * BOTH.size(),
        Duration.ofMinutes(10),
        plain ? PLAIN_ROUND : ROUND,
        Duration.ZERO,
        plain);
  }

  private static Verdict run(Path folder, int nodes, TransactionsRun.Plan plan) throws Exception {
    try (LiveCluster cluster = OneNode.cluster(folder, nodes)) {
      return run(cluster, plan);
    }
  }

  private static Verdict run(LiveCluster cluster, TransactionsRun.Plan plan) throws Exception {
    TransactionsRun run = new TransactionsRun(cluster, plan, line -> {});
    Verdict verdict = run.run();
    assertEquals(List.of(), verdict.violations(), () -> String.valueOf(run.timeline().events()));
    return verdict;
  }

  @Test
  void show_nothing_that_their_isolation_level_forbids(@TempDir Path folder) throws Exception {
    try (LiveCluster cluster = OneNode.cluster(folder, 3)) {
      TransactionsRun.Plan plan = plan(false);
      Verdict together = run(cluster, plan);
      assertTrue(together.acknowledged() > 30, () -> "hardly anything committed: " + together);
      spread(cluster);
      Verdict spread = run(cluster, plan);
      assertTrue(spread.acknowledged() > 30, () -> "hardly anything committed: " + spread);
    }
  }

  /** Each session's transactions at its own master from now on. */
  private static void spread(LiveCluster cluster) throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      Path config = Path.of(node.config());
      String before = Files.readString(config);
      Files.writeString(config, before.replace("mysql:\n", "mysql:\n  transactions: spread\n"));
      cluster.killNode(node.node());
    }
    List<String> names = cluster.nodes().stream().map(NodeProcess::node).toList();
    names.forEach(cluster::startNode);
    names.forEach(cluster::awaitReady);
    for (NodeProcess node : cluster.nodes()) {
      Waiting.until("a session", CAUGHT_UP_WITHIN, PAUSE, () -> answers(node));
    }
  }

  private static boolean answers(NodeProcess node) {
    try (Connection connection = DriverManager.getConnection(node.jdbcUrl())) {
      return OneNode.error(connection, "SELECT 1") == 0;
    } catch (SQLException notYet) {
      return false;
    }
  }

  @Test
  void are_judged_as_one_plain_server_behaves(@TempDir Path folder) throws Exception {
    Verdict verdict = run(folder, 1, plan(true));
    assertTrue(
        verdict.errors().keySet().stream().anyMatch(one -> one.contains("write skew")),
        () -> "the checkers do not see what InnoDB allows: " + verdict);
  }
}
